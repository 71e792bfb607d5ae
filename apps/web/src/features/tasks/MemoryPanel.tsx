import { BookOpenText, Brain, CloudOff, Save } from "lucide-react";
import { classNames } from "../../components/ui/classNames.ts";
import { Panel } from "../../components/ui/layout/Panel.tsx";
import { ClampedText } from "../../components/ui/text/ClampedText.tsx";
import { ChangeCount } from "./StatePanel.tsx";
import { asOf, endedWith, type MemoryItem, type Timeline } from "./timeline.ts";

const LINES_MAX = 4;
const ICON = "mt-0.5 size-3.5 shrink-0";

/** The memories given to the task as of the moment, and those it kept. */
export function MemoryPanel({ memory, index }: { memory: Timeline["memory"]; index: number }) {
  const items = asOf(memory, index);
  const ended = endedWith(memory, index);
  return (
    <Panel title="Memory" aside={<ChangeCount count={items.filter(({ isNew }) => isNew).length} word="new" />} className="shrink-0">
      {ended > 0 && (
        <p className="border-b border-line px-4 py-1.5 text-sm text-caution">The request was edited: what was recalled is gone.</p>
      )}
      {items.length === 0 ? (
        <p className="px-4 py-3 text-sm text-muted">Nothing was recalled so far.</p>
      ) : (
        <ul className="divide-y divide-line/60">
          {items.map(({ key, value, isNew }) => (
            <li
              key={key}
              data-changed={isNew}
              className={classNames("flex gap-2 px-4 py-2 text-sm", isNew && "bg-accent-soft shadow-[inset_2px_0_0_var(--accent)]")}
            >
              <Item item={value} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Item({ item }: { item: MemoryItem }) {
  switch (item.kind) {
    case "turn":
      return (
        <>
          <Brain className={classNames(ICON, "text-kind-agent")} aria-hidden />
          <Words title={`${item.role}, earlier in its session`} text={item.content} />
        </>
      );
    case "passage":
      return (
        <>
          <BookOpenText className={classNames(ICON, "text-kind-search")} aria-hidden />
          <Words title={`${item.title} (${item.document})`} text={item.text} />
        </>
      );
    case "outage":
      return (
        <>
          <CloudOff className={classNames(ICON, "text-caution")} aria-hidden />
          <Words title="Went without" text={item.content} />
        </>
      );
    case "kept":
      return (
        <>
          <Save className={classNames(ICON, "text-clear")} aria-hidden />
          <Words title="Kept for later" text={`${item.turns} turns of the session ${item.session}`} />
        </>
      );
  }
}

function Words({ title, text }: { title: string; text: string }) {
  return (
    <div className="min-w-0">
      <p className="text-xs text-muted [overflow-wrap:anywhere]">{title}</p>
      <ClampedText text={text} linesMax={LINES_MAX}>
        {(shown) => <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">{shown}</p>}
      </ClampedText>
    </div>
  );
}
