import { spanIdOf, traceIdOf } from "../ids.ts";
import { type ChainHead, type Decision, type DecisionKind, EMPTY_CHAIN, sealDecision } from "../tasks/decision.ts";
import type { Stage, Step } from "../tasks/step.ts";
import { TaskRequest } from "../tasks/task.ts";
import type { TaskHistory } from "../timeTravel/index.ts";

const ID = "11111111-1111-4111-8111-111111111111";
const BEGIN_MS = Date.parse("2026-11-23T12:00:00.000Z");

type Told = { stage: Stage; attempt?: number; decided?: readonly [DecisionKind, string][]; tokens?: number };
type Whole = { decided: DecisionKind; chosen: string; attempt?: number; detail?: Record<string, unknown> };

const move = (output: Extract<Stage, { kind: "move" }>["output"]): Stage => ({ kind: "move", input: {}, output });

/**
 * The life of a task that books a flight: it looks one up, fails, is retried, calls a tool, dies, and is redriven with an edited request.
 */
export const A_LIFE: readonly (Told | Whole)[] = [
  { decided: "routed", chosen: "rules" },
  {
    stage: {
      kind: "understand",
      input: { message: "Book me a flight." },
      output: { intent: "book", confidence: 0.5, abstained: false, slots: { to: "SEA" } },
    },
    decided: [["understood", "book"]],
  },
  {
    stage: {
      kind: "recall",
      input: { session: "s" },
      output: { turns: [{ role: "user", content: "I like aisles." }], outage: "No documents." },
    },
    decided: [["recalled", "1 turns"]],
  },
  { decided: "failed", chosen: "timed_out" },
  { decided: "retried", chosen: "attempt 2" },
  {
    stage: move({ kind: "tool", callId: "c1", call: { name: "search_flights", arguments: { to: "SEA" } }, said: null, reason: "to look" }),
    ...{ attempt: 2, tokens: 100 },
    decided: [
      ["planned", "call search_flights"],
      ["tool_called", "search_flights"],
    ],
  },
  {
    stage: {
      kind: "tool",
      input: { callId: "c1", call: { name: "search_flights", arguments: { to: "SEA" } } },
      output: { output: "[]", isError: false, endsEpisode: false, replayed: false },
    },
    attempt: 2,
  },
  { decided: "dead_lettered", chosen: "attempts_exhausted", attempt: 2 },
  { decided: "replayed", chosen: "run again from the start, with an edited request", attempt: 2, detail: { isEdited: true } },
  {
    stage: {
      kind: "understand",
      input: { message: "Book me a train." },
      output: { intent: "other", confidence: 0.25, abstained: true, slots: {} },
    },
    attempt: 3,
    decided: [["understood", "other"]],
  },
  {
    stage: move({ kind: "reply", content: "I do flights alone.", reason: "no such tool" }),
    attempt: 3,
    decided: [
      ["planned", "reply"],
      ["answered", "reply"],
    ],
  },
  { stage: { kind: "remember", input: { session: "s" }, output: { turns: 2 } }, attempt: 3 },
  { decided: "planned", chosen: "stop", attempt: 3 },
];

function request(message: string): TaskRequest {
  return TaskRequest.parse({ id: ID, name: "a task", domain: "airline", world: "tau", message });
}

/** The record of a task that goes through the given events, a second apart. */
export function aTaskLife(told: readonly (Told | Whole)[] = A_LIFE): Omit<TaskHistory, "requests"> & { requests: TaskRequest[] } {
  const [steps, decisions]: [Step[], Decision[]] = [[], []];
  for (const [index, one] of told.entries()) {
    const timeMs = BEGIN_MS + index * 1_000;
    const { attempt = 1 } = one;
    const seal = (kind: DecisionKind, chosen: string, spanStep: number, detail: Record<string, unknown> = {}): void => {
      const head: ChainHead = decisions.at(-1) ?? EMPTY_CHAIN;
      decisions.push(
        sealDecision(head, {
          ...{ project: "default", taskId: ID, kind, time: new Date(timeMs).toISOString(), attempt, traceId: traceIdOf(ID) },
          ...{ actor: { service: "worker", version: "1.0.0" }, spanId: spanIdOf(ID, spanStep), chosen, confidence: null },
          ...{ reason: `why ${chosen}`, detail },
        }),
      );
    };
    if (!("stage" in one)) {
      seal(one.decided, one.chosen, 0, one.detail);
      continue;
    }
    const step = steps.length + 1;
    for (const [kind, chosen] of one.decided ?? []) seal(kind, chosen, step);
    const { tokens = 0 } = one;
    const modelUse = tokens === 0 ? null : { provider: "p", model: "m", inputTokens: tokens, outputTokens: 0, call: null };
    steps.push({ step, attempt, startedUs: (timeMs - 500) * 1_000, finishedUs: timeMs * 1_000, stage: one.stage, modelUse });
  }
  return { id: ID, requests: [request("Book me a flight."), request("Book me a train.")], steps, decisions };
}
