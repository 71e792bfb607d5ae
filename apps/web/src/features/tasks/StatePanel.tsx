import { Badge } from "../../components/ui/badge/Badge.tsx";
import { classNames } from "../../components/ui/classNames.ts";
import { Panel } from "../../components/ui/layout/Panel.tsx";
import { formatCost, formatCount, formatShare } from "../../format/amounts.ts";
import { type Fact, factsAsOf, type Timeline } from "./timeline.ts";

const STATUS_WORDS: Readonly<Record<string, string>> = {
  queued: "in line",
  running: "running",
  waiting: "waits to be tried again",
  done: "done",
  dead: "dead letter",
};

/** Labels of the facts, in the order in which they are shown. */
const LABELS = {
  status: "Status",
  error: "Error",
  run: "Run",
  attempt: "Attempt",
  version: "Version",
  planner: "Planner",
  intent: "Intent",
  confidence: "Confidence",
  abstained: "Unclear",
  slots: "Details",
  plan: "Last plan",
  moves: "Moves",
  toolCalls: "Tool calls",
  tokens: "Tokens",
  costUsd: "Cost",
} as const satisfies Record<Fact["name"], string>;

const NAMES = Object.keys(LABELS) as Fact["name"][];

const MONO = new Set<Fact["name"]>(["version", "intent", "slots", "plan"]);

/** A fact as text; empty while it is not known yet. */
function textOf(name: Fact["name"], value: Fact["value"]): string {
  if (value === null) return "";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "object")
    return Object.entries(value)
      .map(([key, detail]) => `${key} ${detail}`)
      .join(", ");
  if (typeof value === "string") return name === "status" ? (STATUS_WORDS[value] ?? value) : value;
  if (name === "costUsd") return formatCost(value);
  return name === "confidence" ? formatShare(value) : formatCount(value);
}

/** The facts about the task as of the moment; changed ones are marked, with their previous value. */
export function StatePanel({ facts, index }: { facts: Timeline["facts"]; index: number }) {
  const now = factsAsOf(facts, index);
  const changed = NAMES.filter((name) => now.get(name)?.was !== undefined).length;
  return (
    <Panel title="State" aside={<ChangeCount count={changed} />} className="shrink-0">
      <dl className="py-1">
        {NAMES.map((name) => {
          const fact = now.get(name);
          if (fact === undefined) return null;
          const [text, isChanged] = [textOf(name, fact.value), fact.was !== undefined];
          const was = fact.was === undefined ? "" : textOf(name, fact.was);
          return (
            <div
              key={name}
              data-changed={isChanged}
              className={classNames(
                "grid grid-cols-[6.5rem_minmax(0,1fr)] gap-x-2 px-4 py-0.75 text-sm",
                isChanged && "bg-accent-soft shadow-[inset_2px_0_0_var(--accent)]",
              )}
            >
              <dt className={isChanged ? "text-muted" : "text-faint"}>{LABELS[name]}</dt>
              <dd className={classNames("min-w-0 tabular-nums [overflow-wrap:anywhere]", MONO.has(name) && "font-mono text-xs leading-5")}>
                <span className={classNames("line-clamp-6", name === "error" && text !== "" && "text-danger")} title={text}>
                  {text === "" ? <span className="text-faint">none</span> : text}
                </span>
                {isChanged && (
                  <span className="line-clamp-2 font-sans text-xs text-muted" title={was}>
                    was {was === "" ? "none" : was}
                  </span>
                )}
              </dd>
            </div>
          );
        })}
      </dl>
    </Panel>
  );
}

/** How many changes a moment made. */
export function ChangeCount({ count, word = "changed" }: { count: number; word?: string }) {
  return count === 0 ? <span className="text-xs text-faint">nothing {word} here</span> : <Badge tone="accent">{`${count} ${word}`}</Badge>;
}
