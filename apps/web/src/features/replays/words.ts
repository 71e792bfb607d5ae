import type { RouterOutputs } from "@signalbox/api/client";
import type { Word } from "../../components/ui/badge/WordBadge.tsx";

export type FullReplay = RouterOutputs["replays"]["get"];
export type KeptReplay = RouterOutputs["replays"]["list"][number];
export type Batch = RouterOutputs["replays"]["batches"]["get"];
export type Report = NonNullable<FullReplay["report"]>;
export type Side = Report["recorded"];
export type SideStep = Side["steps"][number];

const STATUSES = {
  pending: { label: "Waiting", tone: "caution", title: "It waits for a worker" },
  running: { label: "Running", tone: "accent", title: "A worker goes through its steps" },
  failed: { label: "Failed", tone: "danger", title: "It could not be replayed" },
  cancelled: { label: "Cancelled", tone: "plain", title: "Somebody cancelled it" },
} as const satisfies Record<Exclude<KeptReplay["status"], "done">, Word>;

/** The status of a replay, and once it is done, its outcome. */
export function outcomeWord({ status, outcome, outcomeChanged }: Pick<KeptReplay, "status" | "outcome" | "outcomeChanged">): Word {
  if (status !== "done") return STATUSES[status];
  if (outcome === "identical") return { label: "Identical", tone: "clear", title: "It went as it is on record" };
  if (outcomeChanged === null)
    return { label: "Stopped", tone: "caution", title: "It came to a call that is not on record: how it would have ended is not known" };
  return outcomeChanged
    ? { label: "Another outcome", tone: "danger", title: "It parted from the record, and ended in another status or with another verdict" }
    : { label: "Diverged", tone: "caution", title: "It parted from the record, and ended as it did then" };
}

/** The results of a batch's replays with the colours of their shares, in the order of the bar. */
export const SHARES = {
  identical: { label: "identical", bar: "bg-clear-mark" },
  diverged: { label: "diverged, with the same outcome", bar: "bg-caution-mark" },
  ends_otherwise: { label: "diverged, with another outcome", bar: "bg-danger-mark" },
  stopped: { label: "stopped at a call that is not on record", bar: "bg-caution" },
  failed: { label: "could not be replayed", bar: "bg-control" },
  cancelled: { label: "cancelled", bar: "bg-line-strong" },
  running: { label: "running", bar: "bg-accent" },
  pending: { label: "waiting", bar: "bg-line" },
} as const satisfies Record<keyof Batch["counts"], { label: string; bar: string }>;
export type Share = keyof typeof SHARES;
export const SHARE_NAMES = Object.keys(SHARES) as Share[];

/** Whether some replays of a batch have not ended. */
export const isUnderWay = ({ counts }: Batch): boolean => counts.pending + counts.running > 0;

/** The options of a replay, in a few words. */
export function planText({ mode, from, against, prompt, model, tools }: KeptReplay["plan"]): string {
  const set = [
    ...(against === null ? [] : [`against ${against}`]),
    ...(prompt === null ? [] : ["name" in prompt ? `prompt ${prompt.name}` : "another prompt"]),
    ...(model === null ? [] : [`model ${model}`]),
    ...Object.keys(tools).map((name) => `${name} answers otherwise`),
  ];
  return [mode === "live" ? `live from step ${from}` : "recorded", ...set].join(", ");
}

/** The place of a divergence, in words. */
export function divergencePlace({ step, seq, field }: NonNullable<Report["divergence"]>): string {
  const place = [...(step === null ? [] : [`step ${step}`]), ...(seq === null ? [] : [`decision ${seq}`])].join(", ");
  return `${place === "" ? "the end of the task" : place}, ${field}`;
}

/** The content of a step, in one line. */
export function stepTitle({ stage }: SideStep): string {
  switch (stage.kind) {
    case "understand":
      return stage.output.abstained ? "Understood nothing for sure" : `Understood ${stage.output.intent}`;
    case "route":
      return `Went to ${stage.output.planner}`;
    case "recall":
      return `Recalled ${stage.output.turns.length} turns`;
    case "remember":
      return `Kept ${stage.output.turns} turns`;
    case "user":
      return "Customer";
    case "tool":
      return `${stage.input.call.name} ${stage.output.isError ? "refused" : "answered"}`;
    case "move":
      switch (stage.output.kind) {
        case "tool":
          return `Calls ${stage.output.call.name}`;
        case "reply":
          return "Answers";
        case "rejected":
          return "Answer that could not be used";
        case "user":
          return "Waits for the customer";
        case "stop":
          return "Stops";
      }
  }
}

/** The message or arguments of a step. */
export function stepContent({ stage }: SideStep): unknown {
  switch (stage.kind) {
    case "understand":
      return stage.output.slots;
    case "route":
      return stage.output.reason;
    case "recall":
      return stage.output.passages ?? [];
    case "remember":
      return "";
    case "user":
      return stage.output.content;
    case "tool":
      return stage.output.output;
    case "move":
      switch (stage.output.kind) {
        case "tool":
          return stage.output.call.arguments;
        case "rejected":
          return stage.output.problem;
        case "reply":
        case "user":
          return stage.output.content;
        case "stop":
          return stage.output.reason;
      }
  }
}
