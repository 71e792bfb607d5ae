"use client";
import { isUnderWay, weightOf } from "@signalbox/model";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { WordBadge } from "../../components/ui/badge/WordBadge.tsx";
import { PageHeader } from "../../components/ui/layout/PageHeader.tsx";
import { Panel } from "../../components/ui/layout/Panel.tsx";
import { ScreenBody } from "../../components/ui/layout/ScreenBody.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { CopyableId } from "../../components/ui/text/CopyableId.tsx";
import { Fact, Facts } from "../../components/ui/text/Facts.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { formatCount } from "../../format/amounts.ts";
import { unixNanoOf } from "../../format/time.ts";
import { projectLink } from "../../project/projectParam.ts";
import { useShortcuts } from "../../shortcuts/index.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { TraceListSkeleton } from "../traces/index.ts";
import { formatWeight } from "./amounts.ts";
import { Causes } from "./Causes.tsx";
import { EvidencePanel } from "./EvidencePanel.tsx";
import { GateTable } from "./GateTable.tsx";
import { RolloutActs } from "./RolloutActs.tsx";
import { RolloutLog } from "./RolloutLog.tsx";
import { PAGE_PARAMS, type RolloutDetail } from "./rolloutParams.ts";
import { StepLadder } from "./StepLadder.tsx";
import { ToldByTools } from "./ToldByTools.tsx";
import { VersionChanges } from "./VersionChanges.tsx";
import { PHASES } from "./words.ts";

const REFETCH_MS = 5_000;
const ENTRIES_MAX = 500;

/** The state in a sentence: for a running rollout the gate's current verdict, for any other the newest log entry. */
function sentenceOf({ rollout, verdict, isOfNow }: RolloutDetail): string {
  if (rollout.phase !== "running") return rollout.reason;
  if (verdict === null) return "The gate has not looked yet.";
  return isOfNow ? verdict.reason : `The gate has not looked since step ${rollout.step + 1} began.`;
}

function RolloutFacts({ detail: { rollout, drift } }: { detail: RolloutDetail }) {
  return (
    <Facts>
      <Fact label="Project">{rollout.project}</Fact>
      <Fact label="Gate">{rollout.gate}</Fact>
      <Fact label="Stable">
        <span className="font-mono text-xs [overflow-wrap:anywhere]">{rollout.stable}</span>
      </Fact>
      <Fact label="Weight">
        {formatWeight(weightOf(rollout))}
        {drift !== null && (
          <span className="text-faint"> wanted, {drift.observed === null ? "none" : formatWeight(drift.observed)} observed</span>
        )}
      </Fact>
      <Fact label="Began">
        <TimeText unixNano={unixNanoOf(rollout.startedAt)} withDate />
      </Fact>
      {rollout.endedAt !== null && (
        <Fact label="Ended">
          <TimeText unixNano={unixNanoOf(rollout.endedAt)} withDate />
        </Fact>
      )}
      <Fact label="By">{rollout.startedBy}</Fact>
      <Fact label="Policy">
        <CopyableId id={rollout.policyHash} label="policy hash" />
      </Fact>
      <Fact label="Rollout">
        <CopyableId id={rollout.id} label="rollout id" />
      </Fact>
    </Facts>
  );
}

/** The conditions that hold a rollout up: the one a paused rollout waits for, and any that keep its gate from deciding. */
function Trouble({ detail: { waitsFor, failure, policyFault } }: { detail: RolloutDetail }) {
  return (
    <>
      {waitsFor !== null && <p className="text-sm [overflow-wrap:anywhere]">{waitsFor}</p>}
      {policyFault !== null && <p className="text-sm text-danger">{policyFault} The gate decides nothing by it: abort it.</p>}
      {failure !== null && (
        <p role="alert" className="text-sm text-danger [overflow-wrap:anywhere]">
          Looks at it fail since <TimeText unixNano={unixNanoOf(failure.since)} withDate />, {formatCount(failure.times)} so far:{" "}
          {failure.reason} {policyFault === null && "Until one does not, only the step's time is kept."}
        </p>
      )}
    </>
  );
}

/** A rollout: its state and the reason, its step, the gate's knowledge, and the log. */
export function RolloutPage({ id }: { id: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const [{ project, view }, setParams] = useQueryStates(PAGE_PARAMS, { history: "replace" });
  const found = useQuery(
    trpc.rollouts.byId.queryOptions(
      { id },
      { refetchInterval: ({ state }) => (state.data === undefined || isUnderWay(state.data.rollout) ? REFETCH_MS : false) },
    ),
  );
  const isLive = found.data !== undefined && isUnderWay(found.data.rollout);
  // Data read before the rollout was found to be over lacks its ending, so it is read once more.
  const live = {
    enabled: found.isSuccess,
    refetchInterval: ({ state }: { state: { dataUpdatedAt: number } }) =>
      isLive || state.dataUpdatedAt < found.dataUpdatedAt ? REFETCH_MS : (false as const),
  };
  const entries = useQuery(trpc.rollouts.entries.queryOptions({ id, limit: ENTRIES_MAX }, live));
  const evidence = useQuery(trpc.rollouts.evidence.queryOptions({ id }, live));
  const listHref = projectLink("/rollouts", { project });
  useShortcuts({ close: () => router.push(listHref) });
  const detail = found.data;
  return (
    <>
      <PageHeader
        back={{ href: listHref, label: "Back to rollouts" }}
        title={detail?.rollout.candidate ?? "Rollout"}
        hint={detail?.rollout.candidate}
        state={detail !== undefined && <WordBadge word={PHASES[detail.rollout.phase]} />}
        actions={detail !== undefined && <RolloutActs rollout={detail.rollout} />}
      >
        {detail !== undefined && (
          <div className="flex flex-col gap-2">
            <p role="status" aria-label="What is so" className="text-md font-medium text-balance [overflow-wrap:anywhere]">
              {sentenceOf(detail)}
            </p>
            <Trouble detail={detail} />
            {detail.drift?.sentence && <p className="text-sm text-caution">{detail.drift.sentence}</p>}
            <RolloutFacts detail={detail} />
          </div>
        )}
      </PageHeader>
      {found.isPending && <TraceListSkeleton label="Loading the rollout" />}
      {found.isError && (
        <ErrorState
          failure={failureOf(found.error)}
          wayOut={{ href: listHref, label: "All rollouts" }}
          onRetry={() => void found.refetch()}
        />
      )}
      {detail !== undefined && (
        <ScreenBody label="The rollout" className="grid grid-cols-1 content-start xl:grid-cols-[20rem_minmax(0,1fr)]">
          <Panel title="Steps" className="self-start">
            <StepLadder detail={detail} />
          </Panel>
          <div className="flex min-w-0 flex-col gap-4">
            <Panel title="What the gate knows">
              {detail.verdict === null ? (
                <p className="px-4 py-6 text-center text-sm text-muted">
                  {detail.rollout.endedAt === null ? "The gate has not looked yet." : "It ended before the gate had decided anything."}
                </p>
              ) : (
                <GateTable verdict={detail.verdict} lastLook={detail.lastLook} />
              )}
              {isLive && detail.verdict !== null && !detail.isOfNow && (
                <p className="border-t border-line px-4 py-2 text-sm text-muted">
                  These figures are of the last look before step {detail.rollout.step + 1} began.
                </p>
              )}
              <Causes detail={detail} nowMs={found.dataUpdatedAt} />
            </Panel>
            {evidence.data !== undefined && (
              <EvidencePanel
                rollout={detail.rollout}
                evidence={evidence.data}
                entries={entries.data?.entries ?? []}
                nowMs={evidence.dataUpdatedAt}
                view={view}
                onView={(chosen) => void setParams({ view: chosen })}
              />
            )}
            {evidence.isError && <ErrorState failure={failureOf(evidence.error)} onRetry={() => void evidence.refetch()} />}
            <VersionChanges rollout={detail.rollout} />
            {entries.data !== undefined && <RolloutLog entries={entries.data.entries} isWhole={entries.data.next === null} />}
            <ToldByTools events={detail.events} />
            {entries.isError && <ErrorState failure={failureOf(entries.error)} onRetry={() => void entries.refetch()} />}
          </div>
        </ScreenBody>
      )}
    </>
  );
}
