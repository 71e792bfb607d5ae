"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { useQuery } from "@tanstack/react-query";
import { Badge } from "../../components/ui/Badge.tsx";
import { ErrorState } from "../../components/ui/ErrorState.tsx";
import { Panel } from "../../components/ui/Panel.tsx";
import { type SimpleColumn, SimpleTable } from "../../components/ui/SimpleTable.tsx";
import { Skeleton } from "../../components/ui/Skeleton.tsx";
import { TimeText } from "../../components/ui/TimeText.tsx";
import { formatCount } from "../../format/amounts.ts";
import { unixNanoOf } from "../../format/time.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";

type Row = RouterOutputs["calibration"]["judges"][number];
type Interval = { lower: number; upper: number };

const percent = (share: number): string => `${Math.round(share * 100)} %`;

function Figure({ value, interval }: { value: string; interval: Interval }) {
  return (
    <span className="whitespace-nowrap">
      {value}{" "}
      <span className="text-faint">
        [{percent(interval.lower)}, {percent(interval.upper)}]
      </span>
    </span>
  );
}

function Kappa({ calibration }: Pick<Row, "calibration">) {
  if (calibration === null) return <Badge tone="caution">uncalibrated</Badge>;
  const { value, lower, upper } = calibration.record.kappa;
  if (value === null) return <span title="Judge and people always said the same one thing: chance would do that too">not to be seen</span>;
  return (
    <span className="whitespace-nowrap">
      {value.toFixed(2)}{" "}
      <span className="text-faint">
        [{lower.toFixed(2)}, {upper.toFixed(2)}]
      </span>
    </span>
  );
}

/** What judge and people said of the same traces: a row is what people said, a column what the judge said. */
function Confusion({ calibration }: Pick<Row, "calibration">) {
  if (calibration === null) return null;
  const { truePasses, falseFails, trueFails, falsePasses } = calibration.record.counts;
  return (
    <span className="whitespace-nowrap" title="People pass: judge passes, judge fails · people fail: judge passes, judge fails">
      <span className="text-clear">{formatCount(truePasses)}</span> {formatCount(falseFails)} · {formatCount(falsePasses)}{" "}
      <span className="text-clear">{formatCount(trueFails)}</span>
    </span>
  );
}

const COLUMNS: SimpleColumn<Row>[] = [
  { id: "score", header: "Score", cell: ({ scoreName }) => <span className="font-medium">{scoreName}</span> },
  { id: "judge", header: "Judge", cell: ({ judge }) => <span className="font-mono text-xs">{judge}</span> },
  { id: "kappa", header: "κ with people", cell: (row) => <Kappa {...row} /> },
  {
    id: "labels",
    header: "Labels",
    align: "end",
    cell: ({ calibration }) => (calibration === null ? "0" : formatCount(calibration.labels)),
  },
  { id: "confusion", header: "People pass · fail", align: "end", cell: (row) => <Confusion {...row} /> },
  ...(["sensitivity", "specificity"] as const).map(
    (id): SimpleColumn<Row> => ({
      ...{ id, header: id === "sensitivity" ? "Sensitivity" : "Specificity", isSpare: true },
      cell: ({ calibration }) => {
        const share = calibration?.record[id] ?? null;
        return share === null ? "—" : <Figure value={percent(share.value)} interval={share} />;
      },
    }),
  ),
  {
    ...{ id: "raw", header: "Pass rate: judge, put right" },
    cell: ({ calibration }) => {
      const corrected = calibration?.record.corrected ?? null;
      if (corrected === null) return "—";
      return (
        <span className="whitespace-nowrap">
          {percent(corrected.raw)} → <Figure value={percent(corrected.powered.estimate)} interval={corrected.powered} />
        </span>
      );
    },
  },
  {
    ...{ id: "made", header: "Compared", isSpare: true },
    cell: ({ calibration }) => (calibration === null ? "never" : <TimeText unixNano={unixNanoOf(calibration.madeAt)} withDate />),
  },
];

/** How far the judges of a project may be believed, by people's labels on the same traces. */
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
