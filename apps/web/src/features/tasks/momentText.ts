import type { BadgeTone } from "../../components/ui/badge/Badge.tsx";
import type { Moment } from "./timeline.ts";

/** The text of a step without a decision. */
const STEP_WORDS: Readonly<Record<NonNullable<Moment["step"]>["kind"], string>> = {
  understand: "Understood the request",
  route: "Went to another planner",
  recall: "Recalled",
  move: "Moved on",
  tool: "The tool answered",
  user: "The customer spoke",
  remember: "Kept in memory",
};

type Decision = Moment["decisions"][number];

function decisionText({ kind, chosen }: Decision): string {
  switch (kind) {
    case "routed":
      return `Routed to ${chosen}`;
    case "understood":
      return `Understood ${chosen}`;
    case "recalled":
      return `Recalled ${chosen}`;
    case "planned":
      return chosen === "stop" ? "Finished" : `Planned: ${chosen}`;
    case "tool_called":
      return `Called ${chosen}`;
    case "answered":
      return "Answered";
    case "retried":
      return `Will be tried again: ${chosen}`;
    case "failed":
      return `Failed: ${chosen}`;
    case "dead_lettered":
      return `Became a dead letter: ${chosen.replaceAll("_", " ")}`;
    case "replayed":
      return `Redriven: ${chosen}`;
    default:
      return `${kind.replaceAll("_", " ")} ${chosen}`;
  }
}

/** A moment in one line: its last decision says most. */
export function momentText({ step, decisions }: Moment): string {
  const last = decisions.at(-1);
  if (last !== undefined) return decisionText(last);
  return step === null ? "Nothing on record" : STEP_WORDS[step.kind];
}

/** The outcome of a moment as a colour on the slider, which repeats its text. */
export function momentTone({ decisions }: Moment): BadgeTone {
  const kinds = new Set(decisions.map(({ kind }) => kind));
  if (kinds.has("failed") || kinds.has("dead_lettered")) return "danger";
  if (kinds.has("retried") || kinds.has("replayed")) return "caution";
  return decisions.some(({ kind, chosen }) => kind === "planned" && chosen === "stop") ? "clear" : "plain";
}
