"use client";
import { useQuery } from "@tanstack/react-query";
import { Dialog } from "../../../components/ui/overlay/Dialog.tsx";
import { ErrorState } from "../../../components/ui/state/ErrorState.tsx";
import { Skeleton } from "../../../components/ui/state/Skeleton.tsx";
import { WordDiff } from "../../../components/ui/text/WordDiff.tsx";
import { failureOf } from "../../../trpc/failureOf.ts";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { Part, PlainText, TraceLink, TryScores } from "../run/TryDialog.tsx";
import { valueText } from "../valueText.ts";
import type { Compared } from "./compared.ts";

/** One item of the compared runs: each run's answer, with the candidates' word diff against the baseline. */
export function ComparedItemDialog({
  itemId,
  runs,
  project,
  onClose,
}: {
  itemId: string | null;
  runs: Compared["runs"];
  project: string;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const ids = runs.map(({ id }) => id);
  const found = useQuery(
    trpc.evalRuns.comparedItem.queryOptions({ project, ids, itemId: itemId ?? "" }, { enabled: itemId !== null, staleTime: 60_000 }),
  );
  const tries = found.data ?? [];
  const before = tries[0]?.[0];
  const asked = tries.flat()[0];
  return (
    <Dialog open={itemId !== null} onOpenChange={(open) => !open && onClose()} title={`Item ${itemId ?? ""}`} className="max-w-5xl">
      <div className="flex min-h-0 flex-col gap-4 overflow-y-auto px-4 py-3">
        {found.isPending && <Skeleton className="w-2/3" />}
        {found.isError && <ErrorState failure={failureOf(found.error)} onRetry={() => void found.refetch()} />}
        {asked !== undefined && (
          <>
            <Part title="Asked">
              <PlainText text={valueText(asked.input)} />
            </Part>
            <Part title="Expected">
              <PlainText text={valueText(asked.expected)} />
            </Part>
          </>
        )}
        {tries.map((some, index) => {
          const run = runs[index];
          if (run === undefined) return null;
          return (
            <section key={run.id} className="flex flex-col gap-2 border-t border-line pt-3">
              <h3 className="text-sm font-semibold">
                {index === 0 ? "Baseline" : "Candidate"} {run.name}
              </h3>
              {some.length === 0 && <p className="text-sm text-faint">This run does not have the item.</p>}
              {some.map((one) => (
                <div key={one.trial} className="flex flex-col gap-2">
                  <TryScores scores={one.scores} />
                  {index === 0 || before === undefined || one.error !== null ? (
                    <PlainText text={one.error ?? valueText(one.output)} />
                  ) : (
                    <WordDiff before={before.output} after={one.output} />
                  )}
                  <div>
                    <TraceLink
                      traceId={one.traceId}
                      project={project}
                      label={`Trace of ${run.name}${some.length > 1 ? `, try ${one.trial + 1}` : ""}`}
                    />
                  </div>
                </div>
              ))}
            </section>
          );
        })}
      </div>
    </Dialog>
  );
}
