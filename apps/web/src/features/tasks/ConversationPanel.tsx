"use client";
import { CornerDownRight, TriangleAlert, Wrench } from "lucide-react";
import { memo, useEffect, useRef, useState } from "react";
import { Badge } from "../../components/ui/badge/Badge.tsx";
import { classNames } from "../../components/ui/classNames.ts";
import { Button } from "../../components/ui/form/Button.tsx";
import { Panel } from "../../components/ui/layout/Panel.tsx";
import { JsonView } from "../../components/ui/text/JsonView.tsx";
import { Framed, Prose, roleLook } from "../traces/index.ts";
import { ChangeCount } from "./StatePanel.tsx";
import { asOf, endedWith, type Said, type Timeline } from "./timeline.ts";

const LINES_MAX = 16;

/** How many entries are drawn at first; earlier ones are loaded on demand. */
const SHOWN_MAX = 100;

const ROLES = { user: "user", not_kept: "user", reply: "assistant", call: "assistant", output: "tool", rejected: "assistant" } as const;

/** The conversation as of the moment, scrolled to its end; the entries that the moment added are marked. */
export function ConversationPanel({ conversation, index }: { conversation: Timeline["conversation"]; index: number }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [shownMax, setShownMax] = useState(SHOWN_MAX);
  const entries = asOf(conversation, index);
  const ended = endedWith(conversation, index);
  const hidden = Math.max(0, entries.length - shownMax);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another moment has another end
  useEffect(() => {
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  }, [index]);

  return (
    <Panel
      title="Conversation"
      aside={<ChangeCount count={entries.filter(({ isNew }) => isNew).length} word="new" />}
      className="min-h-40 xl:min-h-0"
    >
      <div
        ref={scroller}
        role="log"
        aria-label="Conversation"
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by keyboard
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto outline-none max-xl:max-h-[70vh]"
      >
        {ended > 0 && (
          <p className="border-b border-line bg-caution-soft px-4 py-1.5 text-sm text-caution">
            The request was edited here: the conversation of {ended} {ended === 1 ? "entry" : "entries"} before it is over, and it begins
            anew.
          </p>
        )}
        {hidden > 0 && (
          <div className="border-b border-line p-2 text-center">
            <Button size="small" onClick={() => setShownMax(shownMax + SHOWN_MAX)}>
              {hidden} earlier
            </Button>
          </div>
        )}
        {entries.length === 0 && <p className="px-4 py-6 text-center text-muted">Nothing was said so far.</p>}
        {entries.slice(hidden).map(({ key, value, isNew }) => (
          <Entry key={key} said={value} isNew={isNew} />
        ))}
      </div>
    </Panel>
  );
}

const Entry = memo(function Entry({ said, isNew }: { said: Said; isNew: boolean }) {
  const { label, className } = roleLook(ROLES[said.kind]);
  return (
    <div
      data-changed={isNew}
      className={classNames(
        "grid grid-cols-[5.5rem_minmax(0,1fr)] gap-x-3 border-b border-line/70 px-4 py-2.5 last:border-0",
        isNew && "bg-accent-soft/55 shadow-[inset_2px_0_0_var(--accent)]",
      )}
    >
      <div className="flex flex-col items-start gap-1">
        <span className={classNames("text-sm font-semibold", className)}>{label}</span>
        {isNew && <Badge tone="accent">new</Badge>}
      </div>
      <Words said={said} />
    </div>
  );
});

function Words({ said }: { said: Said }) {
  switch (said.kind) {
    case "user":
    case "reply":
      return <Prose text={said.content} linesMax={LINES_MAX} />;
    case "not_kept":
      return (
        <p className="text-sm text-muted">
          What run {said.run} was asked for is not kept any more: it was in the run's dead letter, which has been deleted.
        </p>
      );
    case "call":
      return (
        <div className="flex min-w-0 flex-col gap-2">
          {said.said !== null && said.said !== "" && <Prose text={said.said} linesMax={LINES_MAX} />}
          <Framed
            icon={<Wrench className="size-3.5 shrink-0 text-kind-tool" aria-hidden />}
            title={said.call.name}
            note={said.callId}
            copy={said.call.arguments}
          >
            <JsonView value={said.call.arguments} linesMax={LINES_MAX} />
          </Framed>
        </div>
      );
    case "output":
      return (
        <Framed
          icon={<CornerDownRight className="size-3.5 shrink-0 text-kind-tool" aria-hidden />}
          title={`${said.name} ${said.isError ? "refused" : "result"}`}
          note={said.callId}
          copy={said.output}
        >
          <JsonView value={said.output} linesMax={LINES_MAX} />
        </Framed>
      );
    case "rejected":
      return (
        <div className="flex min-w-0 flex-col gap-1">
          <p className="flex items-start gap-1.5 text-sm text-danger">
            <TriangleAlert className="mt-0.5 size-3.5 shrink-0" aria-hidden />
            Could not be used: {said.problem}
          </p>
          <Prose text={said.answer} linesMax={LINES_MAX} />
        </div>
      );
  }
}
