import type { Memories, Move, TaskRequest, ToolRequest, Understanding } from "@signalbox/model";
import { SERVICES } from "../identity.ts";
import type { Choice } from "./decide.ts";

/** Which planner takes a task. */
export function routed({ planner, domain, world }: TaskRequest): Choice {
  const reason =
    planner.kind === "rules"
      ? "The request leaves the choice to our own rules."
      : `The request brings ${planner.turns.length} recorded turns.`;
  return { kind: "routed", service: SERVICES.gateway, chosen: planner.kind, confidence: null, reason, detail: { domain, world } };
}

/** What the customer is taken to want. */
export function understood({ intent, confidence, abstained, slots }: Understanding): Choice {
  const found = Object.keys(slots);
  const details = found.length === 0 ? "The message names no detail." : `The message names ${found.join(", ")}.`;
  const reason = abstained ? `It is not clear what the message wants. ${details}` : details;
  return { kind: "understood", service: SERVICES.language, chosen: intent, confidence, reason, detail: { slots, abstained } };
}

/** Which memories go into the plan. */
export function recalled({ turns }: Memories, session: string): Choice {
  const reason = turns.length === 0 ? "Nothing is remembered of this session." : "The latest turns of the session are used.";
  return { kind: "recalled", service: SERVICES.memory, chosen: `${turns.length} turns`, confidence: null, reason, detail: { session } };
}

/** What the agent does next. */
export function planned(move: Exclude<Move, { kind: "user" }>): Choice {
  const chosen = move.kind === "tool" ? `call ${move.call.name}` : move.kind;
  const detail = move.kind === "stop" ? { ended: move.ended } : {};
  return { kind: "planned", service: SERVICES.planning, chosen, confidence: null, reason: move.reason, detail };
}

/** A tool call that is about to happen. `idempotencyKey` makes it happen once. */
export function toolCalled(call: ToolRequest, callId: string, idempotencyKey: string): Choice {
  return {
    kind: "tool_called",
    service: SERVICES.worker,
    chosen: call.name,
    confidence: null,
    reason: "The plan asks for it.",
    detail: { arguments: call.arguments, callId, idempotencyKey },
  };
}

/** A reply that is about to reach the customer. */
export function answered(content: string): Choice {
  return {
    kind: "answered",
    service: SERVICES.worker,
    chosen: "reply",
    confidence: null,
    reason: "The plan ends this turn with it.",
    detail: { content },
  };
}

/** An attempt that came to nothing. */
export function failed(error: { class: string; message: string }): Choice {
  return { kind: "failed", service: SERVICES.worker, chosen: error.class, confidence: null, reason: error.message, detail: {} };
}

/** Another attempt after a failed one. */
export function retried(nextAttempt: number, delayMs: number): Choice {
  const reason = "The failure may pass, and attempts are left.";
  return { kind: "retried", service: SERVICES.worker, chosen: `attempt ${nextAttempt}`, confidence: null, reason, detail: { delayMs } };
}

/** The end of all attempts. */
export function deadLettered(cause: string, reason: string, fingerprint: string): Choice {
  return { kind: "dead_lettered", service: SERVICES.worker, chosen: cause, confidence: null, reason, detail: { fingerprint } };
}
