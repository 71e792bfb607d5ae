"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { standingWords } from "@signalbox/model";
import { useQuery } from "@tanstack/react-query";
import { ArrowRight } from "lucide-react";
import { Panel } from "../../components/ui/layout/Panel.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { Skeleton } from "../../components/ui/state/Skeleton.tsx";
import { type SimpleColumn, SimpleTable } from "../../components/ui/table/SimpleTable.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { formatCount, formatShare } from "../../format/amounts.ts";
import { formatScore } from "../../format/scores.ts";
import { unixNanoOf } from "../../format/time.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { JudgeBadge } from "../judges/index.ts";
import { ConfusionMatrix } from "./ConfusionMatrix.tsx";

type Row = RouterOutputs["calibration"]["judges"][number];
type Interval = { lower: number; upper: number };

function Figure({ value, interval }: { value: string; interval: Interval }) {
  return (
    <span className="whitespace-nowrap">
      {value}{" "}
      <span className="text-faint">
        [{formatShare(interval.lower)}, {formatShare(interval.upper)}]
      </span>
    </span>
  );
}

const calibrationOf = ({ standing }: Row) => ("calibration" in standing ? standing.calibration : null);

function Kappa({ standing }: Pick<Row, "standing">) {
  if (!("calibration" in standing)) return <JudgeBadge standing={standing} />;
  const { value, lower, upper } = standing.calibration.record.kappa;
  if (value === null) return <span title="Judge and people always said the same one thing: chance would do that too">not to be seen</span>;
  return (
    <span className="whitespace-nowrap">
      {formatScore(value)}{" "}
      <span className="text-faint">
        [{formatScore(lower)}, {formatScore(upper)}]
      </span>
    </span>
  );
}

const COLUMNS: SimpleColumn<Row>[] = [
  {
    ...{ id: "judge", header: "Score and judge", isElastic: true },
    cell: ({ scoreName, judge, standing }) => (
      <div className="py-1">
        <div className="truncate font-medium" title={scoreName}>
          {scoreName}
        </div>
        <div className="truncate font-mono text-xs text-muted" title={judge}>
          {judge}
        </div>
        {(standing.kind === "changed" || standing.kind === "thin") && (
          <div className="text-xs text-muted">{standingWords(standing).full}</div>
        )}
      </div>
    ),
  },
  { id: "kappa", header: "κ with people", cell: (row) => <Kappa {...row} /> },
  {
    id: "labels",
    header: "Labels",
    align: "end",
    cell: (row) => formatCount(calibrationOf(row)?.labels ?? 0),
  },
  {
    ...{ id: "confusion", header: "What both said" },
    cell: (row) => {
      const calibration = calibrationOf(row);
      return calibration === null ? "–" : <ConfusionMatrix counts={calibration.record.counts} />;
    },
  },
  ...(["sensitivity", "specificity"] as const).map(
    (id): SimpleColumn<Row> => ({
      ...{ id, header: id === "sensitivity" ? "Sensitivity" : "Specificity", isSpare: true },
      cell: (row) => {
        const share = calibrationOf(row)?.record[id] ?? null;
        return share === null ? "–" : <Figure value={formatShare(share.value)} interval={share} />;
      },
    }),
  ),
  {
    ...{ id: "raw", header: "Pass rate: judge, put right" },
    cell: (row) => {
      const corrected = calibrationOf(row)?.record.corrected ?? null;
      if (corrected === null) return "–";
      return (
        <span className="whitespace-nowrap">
          {formatShare(corrected.raw)} <ArrowRight className="inline size-3 text-faint" aria-label="put right" />{" "}
          <Figure value={formatShare(corrected.powered.estimate)} interval={corrected.powered} />
        </span>
      );
    },
  },
  {
    ...{ id: "made", header: "Compared", isSpare: true },
    cell: (row) => {
      const calibration = calibrationOf(row);
      return calibration === null ? "never" : <TimeText unixNano={unixNanoOf(calibration.madeAt)} withDate />;
    },
  },
];

/** How trustworthy a project's judges are, measured by people's labels on the same traces. */
export function JudgePanel({ project }: { project: string }) {
  const trpc = useTRPC();
  const found = useQuery(trpc.calibration.judges.queryOptions({ project }, { staleTime: 10_000 }));
  return (
    <Panel title="Judges">
      {found.isPending && <Skeleton className="m-4 h-16" />}
      {found.isError && <ErrorState failure={failureOf(found.error)} onRetry={() => void found.refetch()} />}
      {found.data?.length === 0 && <p className="p-4 text-muted">No judge has scored a trace of this project.</p>}
      {found.data !== undefined && found.data.length > 0 && (
        <SimpleTable label="Judges" columns={COLUMNS} rows={found.data} rowKey={({ scoreName, judge }) => `${scoreName} ${judge}`} />
      )}
      <p className="border-t border-line px-4 py-2.5 text-sm text-muted">
        Let people label traces that a judge scored, then:{" "}
        <code className="font-mono text-xs">./signalbox judge calibrate --judge-score NAME --queue QUEUE</code>
      </p>
    </Panel>
  );
}
