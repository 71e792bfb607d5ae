"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { CheckCheck } from "lucide-react";
import { Button } from "../../components/ui/form/Button.tsx";
import { FormFailure } from "../../components/ui/form/FormFailure.tsx";
import { ScrollRegion } from "../../components/ui/layout/ScrollRegion.tsx";
import { Splitter } from "../../components/ui/layout/Splitter.tsx";
import { EmptyState } from "../../components/ui/state/EmptyState.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { Skeleton } from "../../components/ui/state/Skeleton.tsx";
import { Kbd } from "../../components/ui/text/Kbd.tsx";
import { usePreference } from "../../preferences/usePreference.ts";
import { keysOf, useShortcuts } from "../../shortcuts/index.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { AnswerForm } from "./AnswerForm.tsx";
import { ItemConversation } from "./ItemConversation.tsx";
import { useLabelling } from "./useLabelling.ts";

/** The width in pixels below which conversation and form are stacked. */
const STACK_BELOW_PX = 760;

/** Labels one item after another: the conversation beside the question about it. */
export function LabelView({ detail, person }: { detail: RouterOutputs["annotations"]["queue"]; person: string }) {
  const { queue, answers, progress } = detail;
  const [percent, setPercent] = usePreference("labellingPercent");
  const labelling = useLabelling({ project: queue.project, id: queue.id }, person);
  const { atHand, said, failure } = labelling;
  if (atHand.kind === "asking")
    return failure === null ? <Skeleton className="m-4 h-60" /> : <ErrorState failure={failureOf(failure)} onRetry={labelling.retry} />;
  if (atHand.kind === "none") return <NothingLeft progress={progress} onUndo={labelling.undo} />;
  const { item } = atHand;
  return (
    <Splitter
      direction="columns"
      percent={percent}
      onChange={setPercent}
      stackBelowPx={STACK_BELOW_PX}
      label="Width of the conversation"
      first={<ItemConversation key={item.id} project={queue.project} traceId={item.traceId} spanId={item.spanId} />}
      second={
        <ScrollRegion label="Answer" className="min-h-0 flex-1 overflow-y-auto bg-surface p-4">
          <AnswerForm
            key={`${item.id} ${said === null ? "" : "again"}`}
            question={queue.question}
            answers={answers}
            said={said}
            onLabel={labelling.label}
            onSkip={labelling.skip}
            onUndo={labelling.undo}
          />
          {failure !== null && (
            <div className="mt-4">
              <FormFailure error={failure} />
            </div>
          )}
          {queue.instructions !== "" && (
            <section className="mt-6 border-t border-line pt-4">
              <h3 className="text-sm font-semibold">Instructions</h3>
              <p className="mt-1 whitespace-pre-wrap text-sm text-muted [overflow-wrap:anywhere]">{queue.instructions}</p>
            </section>
          )}
        </ScrollRegion>
      }
    />
  );
}

function NothingLeft({ progress, onUndo }: { progress: RouterOutputs["annotations"]["queue"]["progress"]; onUndo: () => void }) {
  useShortcuts({ undoLabel: onUndo });
  if (progress.items === 0)
    return (
      <EmptyState icon={CheckCheck} title="No trace is in this queue yet">
        <p>
          Select traces in the list of traces (<Kbd keys={keysOf("selectRow")} />) and add them (<Kbd keys={keysOf("addToQueue")} />
          ), or:
        </p>
        <code className="font-mono text-sm">./signalbox annotate add QUEUE TRACE…</code>
      </EmptyState>
    );
  return (
    <EmptyState icon={CheckCheck} title="Nothing is left for you in this queue">
      <p>
        Every trace has the labels that it needs, you labelled or skipped it, or somebody else has it at hand: what they leave comes back
        within ten minutes.
      </p>
      <Button onClick={onUndo}>
        Take back the last answer <Kbd keys={keysOf("undoLabel")} />
      </Button>
    </EmptyState>
  );
}
