"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "../../../components/ui/form/Button.tsx";
import { PageHeader } from "../../../components/ui/layout/PageHeader.tsx";
import { Panel } from "../../../components/ui/layout/Panel.tsx";
import { ScreenBody } from "../../../components/ui/layout/ScreenBody.tsx";
import { ErrorState } from "../../../components/ui/state/ErrorState.tsx";
import { Skeleton } from "../../../components/ui/state/Skeleton.tsx";
import { type SimpleColumn, SimpleTable } from "../../../components/ui/table/SimpleTable.tsx";
import { CopyableId } from "../../../components/ui/text/CopyableId.tsx";
import { TimeText } from "../../../components/ui/text/TimeText.tsx";
import { formatCount } from "../../../format/amounts.ts";
import { unixNanoOf } from "../../../format/time.ts";
import { projectLink } from "../../../project/projectParam.ts";
import { useProject } from "../../../project/useProject.ts";
import { useShortcuts } from "../../../shortcuts/index.ts";
import { failureOf } from "../../../trpc/failureOf.ts";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { ACTS } from "../words.ts";
import { RedriveCard } from "./RedriveCard.tsx";
import { useRedriveProgress } from "./useRedriveProgress.ts";
import { useRedrives, useRedrivesUnderWay } from "./useRedrives.ts";

type Entry = RouterOutputs["deadLetters"]["audit"][number];

/** How many redrives are shown at first, and at most. */
const REDRIVES = { first: 50, most: 1_000 } as const;
const ACTS_SHOWN = { first: 100, most: 5_000 } as const;

const AUDIT_COLUMNS: readonly SimpleColumn<Entry>[] = [
  { id: "time", header: "When", cell: ({ time }) => <TimeText unixNano={unixNanoOf(time)} withDate /> },
  { id: "actor", header: "Who", cell: ({ actor }) => <span className="whitespace-nowrap">{actor}</span> },
  { id: "act", header: "Did what", cell: ({ act }) => <span className="whitespace-nowrap">{ACTS[act]}</span> },
  { id: "reason", header: "Why", isElastic: true, cell: ({ reason }) => <span title={reason}>{reason}</span> },
  { id: "subject", header: "About", isSpare: true, cell: (entry) => <About entry={entry} /> },
];

/** The subject of an act, by its name where it has one. */
function About({ entry: { subject, detail } }: { entry: Entry }) {
  return (
    <span className="flex items-center gap-2 whitespace-nowrap">
      {typeof detail.name === "string" && (
        <span className="max-w-48 truncate" title={detail.name}>
          {detail.name}
        </span>
      )}
      <CopyableId id={subject} label="what it is about" />
    </span>
  );
}

/** Says below a full list that there may be more than the latest `shown`, and offers to load them, up to `most`. */
function More({
  what,
  count,
  shown,
  most,
  onMore,
}: {
  what: string;
  count: number;
  shown: number;
  most: number;
  onMore: (shown: number) => void;
}) {
  if (count < shown) return null;
  return (
    <p className="flex min-h-12 items-center gap-3 px-4 text-sm text-faint">
      The latest {formatCount(count)} {what}.
      {shown < most ? (
        <Button size="small" onClick={() => onMore(Math.min(most, shown * 4))}>
          Show more
        </Button>
      ) : (
        " Those before them are not shown here."
      )}
    </p>
  );
}

/** The redrives of a project that are under way, the latest finished ones, and the audit of acts on its dead letters. */
export function RedrivesPage() {
  const trpc = useTRPC();
  const router = useRouter();
  const project = useProject();
  const [redrivesMax, setRedrivesMax] = useState<number>(REDRIVES.first);
  const [actsMax, setActsMax] = useState<number>(ACTS_SHOWN.first);
  const underWay = useRedrivesUnderWay(project);
  const redrives = useRedrives(project, redrivesMax);
  const audit = useQuery(trpc.deadLetters.audit.queryOptions({ project, limit: actsMax }, { placeholderData: keepPreviousData }));
  useRedriveProgress(project);
  const shown = [...(underWay.data ?? []), ...(redrives.data ?? []).filter(({ endedAt }) => endedAt !== null)];
  const listHref = projectLink("/dead-letters", { project });
  useShortcuts({ close: () => router.push(listHref) });
  return (
    <>
      <PageHeader back={{ href: listHref, label: "Back to dead letters" }} title="Redrives">
        <p className="text-sm text-muted">What was run again or discarded in the project {project}, by whom, and why.</p>
      </PageHeader>
      <ScreenBody label="The redrives">
        {redrives.isPending && <Skeleton className="w-64" />}
        {redrives.isError && <ErrorState failure={failureOf(redrives.error)} onRetry={() => void redrives.refetch()} />}
        {redrives.data !== undefined && (
          <Panel title="Latest redrives" className="divide-y divide-line/60">
            {shown.length === 0 && <p className="px-4 py-6 text-muted">Nothing was redriven yet.</p>}
            {shown.map((redrive) => (
              <RedriveCard key={redrive.id} redrive={redrive} project={project} />
            ))}
            <More what="redrives" count={redrives.data.length} shown={redrivesMax} most={REDRIVES.most} onMore={setRedrivesMax} />
          </Panel>
        )}
        {audit.isError && <ErrorState failure={failureOf(audit.error)} onRetry={() => void audit.refetch()} />}
        {audit.data !== undefined && (
          <Panel title="Acts on record">
            {audit.data.length === 0 ? (
              <p className="px-4 py-6 text-muted">Nobody did anything about dead letters yet.</p>
            ) : (
              <SimpleTable label="Acts on record" columns={AUDIT_COLUMNS} rows={audit.data} rowKey={({ id }) => id} />
            )}
            {audit.data.length > 0 && (
              <More what="acts" count={audit.data.length} shown={actsMax} most={ACTS_SHOWN.most} onMore={setActsMax} />
            )}
          </Panel>
        )}
      </ScreenBody>
    </>
  );
}
