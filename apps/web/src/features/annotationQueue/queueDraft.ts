import type { RouterInputs } from "@signalbox/api/client";

type NewQueue = RouterInputs["annotations"]["create"];

/** A new queue as typed. `answers` are the ends of a scale, or the options of a choice, one per line. */
export type QueueDraft = {
  name: string;
  question: string;
  type: NewQueue["kind"]["type"];
  from: string;
  to: string;
  options: string;
  instructions: string;
  overlap: string;
};

export const NEW_QUEUE: QueueDraft = {
  ...{ name: "", question: "", type: "pass_fail", from: "1", to: "5", options: "", instructions: "", overlap: "1" },
};

/** The queue of a draft; undefined while something is missing. The server checks everything else. */
export function readQueueDraft(draft: QueueDraft, project: string): NewQueue | undefined {
  const name = draft.name.trim();
  const overlap = Number(draft.overlap);
  const kind = kindOf(draft);
  if (name === "" || draft.question.trim() === "" || !Number.isInteger(overlap) || overlap < 1 || kind === undefined) return undefined;
  return { project, name, question: draft.question, kind, scoreName: name, instructions: draft.instructions, overlap };
}

function kindOf({ type, from, to, options }: QueueDraft): NewQueue["kind"] | undefined {
  if (type === "pass_fail") return { type };
  if (type === "scale") {
    const ends = { from: Number(from), to: Number(to) };
    return from.trim() !== "" && to.trim() !== "" && Number.isInteger(ends.from) && Number.isInteger(ends.to)
      ? { type, ...ends }
      : undefined;
  }
  const lines = options.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
  return lines.length < 2 ? undefined : { type, options: lines };
}
