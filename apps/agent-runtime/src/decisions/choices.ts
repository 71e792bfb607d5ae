import type { Memories, ModelUse, Move, PlannerChoice, Route, TaskRequest, ToolRequest, Understanding } from "@signalbox/model";
import type { Assigned } from "../gateway/routing.ts";
import { SERVICES } from "../identity.ts";
import type { Choice } from "./decide.ts";

function reasonFor(planner: PlannerChoice): string {
  switch (planner.kind) {
    case "rules":
      return "The request leaves the choice to our own rules.";
    case "recorded":
      return `The request brings ${planner.turns.length} recorded turns.`;
    case "llm":
      return planner.model === undefined ? "The request asks for a model." : `The request asks for the model ${planner.model}.`;
    case "person":
      return "The request asks for a person.";
  }
}

/** The sentence that explains why a version serves a task. */
function reasonForVersion({ version, variant, bucket, unit, isServed }: Assigned, named: string | undefined): string {
  const why =
    variant === "named"
      ? named === undefined
        ? `Version ${version} serves it, and is compared with no other: the request names the planner.`
        : `The request names version ${version}.`
      : `Its ${unit} is in bucket ${bucket}, which the ${variant} version ${version} serves.`;
  return isServed ? why : `${why} No worker of it is there now: the task waits for one.`;
}

/** The decision that routes a task: to its planner, and to a version of the agent unless any version may serve it. */
export function routed({ planner, domain, world, version: named }: TaskRequest, assigned: Assigned | null): Choice {
  const choice = { kind: "routed" as const, service: SERVICES.gateway, chosen: planner.kind, confidence: null };
  if (assigned === null) return { ...choice, reason: reasonFor(planner), detail: { domain, world } };
  const { version, variant, bucket, unit, isServed } = assigned;
  const exposure = { version, variant, ...(bucket === null ? {} : { bucket, unit }), ...(isServed ? {} : { isWaiting: true }) };
  return { ...choice, reason: `${reasonFor(planner)} ${reasonForVersion(assigned, named)}`, detail: { domain, world, ...exposure } };
}

/** The decision to use another planner than the one asked for. */
export function rerouted({ planner, reason }: Route): Choice {
  return { kind: "routed", service: SERVICES.worker, chosen: planner, confidence: null, reason, detail: {} };
}

/** The part of a decision's detail that names the model behind it: enough to send the same request again. */
function modelDetail(modelUse: ModelUse | null): { model?: Record<string, unknown> } {
  if (modelUse === null || modelUse.call === null) return {};
  const { provider, model, inputTokens, outputTokens, call } = modelUse;
  const { prompt, toolsHash, requestHash, isEstimate, costUsd } = call;
  return {
    model: { provider, asked: model, answered: call.model, prompt, toolsHash, requestHash, inputTokens, outputTokens, isEstimate, costUsd },
  };
}

/** The decision on what the customer wants. */
export function understood(
  { intent, confidence, abstained, slots, basis, alsoWants, intentModel }: Understanding,
  modelUse: ModelUse | null,
): Choice {
  const found = Object.keys(slots);
  const details = found.length === 0 ? "The message names no detail." : `The message names ${found.join(", ")}.`;
  const reason = abstained ? `It is not clear what the message wants. ${details}` : details;
  const detail = {
    slots,
    abstained,
    ...(basis === undefined ? {} : { basis }),
    ...(alsoWants === undefined ? {} : { alsoWants }),
    ...(intentModel === undefined ? {} : { intentModel }),
    ...modelDetail(modelUse),
  };
  return { kind: "understood", service: SERVICES.language, chosen: intent, confidence, reason, detail };
}

/** The decision on which memories go into the plan, and what was missing because memory was away. */
export function recalled({ turns, passages = [], outage }: Memories, session: string | null): Choice {
  const nothing = session === null ? "The task is of no session." : "Nothing is remembered of this session.";
  const remembered = turns.length === 0 ? nothing : "The latest turns of the session are used.";
  const found = passages.length === 1 ? "1 passage" : `${passages.length} passages`;
  const chosen = passages.length === 0 ? `${turns.length} turns` : `${turns.length} turns, ${found}`;
  const documents = passages.map(({ document }) => document);
  const detail = {
    ...(session === null ? {} : { session }),
    ...(documents.length === 0 ? {} : { documents }),
    ...(outage === undefined ? {} : { outage }),
  };
  return { kind: "recalled", service: SERVICES.memory, chosen, confidence: null, reason: outage ?? remembered, detail };
}

/** The decision on the agent's next move, with the model that proposed it, if any. An unusable answer is recorded with its problem. */
export function planned(move: Exclude<Move, { kind: "user" }>, modelUse: ModelUse | null): Choice {
  const chosen = move.kind === "tool" ? `call ${move.call.name}` : move.kind;
  const detail = { ...(move.kind === "stop" ? { ended: move.ended } : {}), ...modelDetail(modelUse) };
  const reason = move.kind === "rejected" ? move.problem : move.reason;
  return { kind: "planned", service: SERVICES.planning, chosen, confidence: null, reason, detail };
}

/** The decision to call a tool. `idempotencyKey` makes the call take effect once. */
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

/** The decision to send a reply to the customer. */
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

/** The decision that records a failed attempt. */
export function failed(error: { class: string; message: string }): Choice {
  return { kind: "failed", service: SERVICES.worker, chosen: error.class, confidence: null, reason: error.message, detail: {} };
}

/** The decision to retry after a failed attempt. */
export function retried(nextAttempt: number, delayMs: number): Choice {
  const reason = "The failure may pass, and attempts are left.";
  return { kind: "retried", service: SERVICES.worker, chosen: `attempt ${nextAttempt}`, confidence: null, reason, detail: { delayMs } };
}

/** The decision that ends all attempts. */
export function deadLettered(cause: string, reason: string, fingerprint: string): Choice {
  return { kind: "dead_lettered", service: SERVICES.worker, chosen: cause, confidence: null, reason, detail: { fingerprint } };
}
