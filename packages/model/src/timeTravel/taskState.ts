import { type FoldedTask, foldDecision, NO_TASK } from "../decisionLog/index.ts";
import type { Decision } from "../tasks/decision.ts";
import type { Step } from "../tasks/step.ts";
import type { ToolRequest } from "../tasks/task.ts";
import { momentsOf, type TaskHistory, type TaskMoment } from "./taskMoment.ts";

/**
 * The known facts about a task at a moment. `waiting` is waiting for another attempt after a failed one; `planner`
 * is who plans the task; `abstained` says that nobody should act on the `intent`; `plan` is the last move; tokens
 * and US dollars are the models' usage so far; `error` is the latest failure, null once work goes on.
 */
export type TaskFacts = {
  status: "queued" | "running" | "waiting" | "done" | "dead";
  run: number;
  attempt: number;
  version: string | null;
  planner: string | null;
  intent: string | null;
  confidence: number | null;
  abstained: boolean;
  slots: Record<string, string>;
  plan: string | null;
  moves: number;
  toolCalls: number;
  tokens: number;
  costUsd: number;
  error: string | null;
};

/**
 * One entry of a conversation. `not_kept` stands for a run's request that is no longer
 * on record; a `call` is the agent's request to a tool, an `output` the tool's answer.
 */
export type Said =
  | { kind: "user" | "reply"; content: string }
  | { kind: "not_kept"; run: number }
  | { kind: "call"; callId: string; call: ToolRequest; said: string | null }
  | { kind: "output"; callId: string; name: string; output: string; isError: boolean }
  | { kind: "rejected"; answer: string; problem: string };

/** A memory that a task was given, an `outage` of memory, or what was `kept` for later. */
export type MemoryItem =
  | { kind: "turn"; role: string; content: string }
  | { kind: "passage"; document: string; title: string; text: string }
  | { kind: "outage"; content: string }
  | { kind: "kept"; session: string; turns: number };

/** The state of a task at a moment. */
export type TaskState = { folded: FoldedTask; facts: TaskFacts; conversation: readonly Said[]; memory: readonly MemoryItem[] };

/** A task before anything happened. */
export const NO_STATE: TaskState = {
  folded: NO_TASK,
  facts: {
    ...{ status: "queued", run: 1, attempt: 0, version: null, planner: null, intent: null, confidence: null, abstained: false },
    ...{ slots: {}, plan: null, moves: 0, toolCalls: 0, tokens: 0, costUsd: 0, error: null },
  },
  conversation: [],
  memory: [],
};

/** Facts about what the agent understood and did: an edited request starts without them. */
const { intent, confidence, abstained, slots, plan, moves, toolCalls } = NO_STATE.facts;
const BEGUN_ANEW = { intent, confidence, abstained, slots, plan, moves, toolCalls };

function factsAfter(facts: TaskFacts, { kind, chosen, reason, actor }: Decision, { phase }: FoldedTask): TaskFacts {
  switch (kind) {
    case "routed":
      return { ...facts, planner: chosen };
    case "planned":
      return { ...facts, plan: chosen, version: actor.version, ...(phase === "done" ? { status: phase, error: null } : {}) };
    case "understood":
    case "recalled":
      return { ...facts, version: actor.version };
    case "failed":
      return { ...facts, version: actor.version, error: reason };
    case "retried":
      return { ...facts, status: "waiting" };
    case "dead_lettered":
      return { ...facts, status: "dead", error: reason };
    case "replayed":
      return { ...facts, status: "queued", error: null };
    default:
      return facts;
  }
}

function foldOne(state: TaskState, decision: Decision, { requests }: Pick<TaskHistory, "requests">): TaskState {
  const folded = foldDecision(state.folded, decision);
  const after = { ...factsAfter(state.facts, decision, folded), run: folded.run, attempt: folded.attempts };
  const opening = requests[folded.run - 1] ?? null;
  const opened: Said[] = [opening === null ? { kind: "not_kept", run: folded.run } : { kind: "user", content: opening.message }];
  if (decision.seq === 0) return { ...state, folded, facts: after, conversation: opened };
  const isEdited = decision.kind === "replayed" && decision.detail.isEdited === true;
  if (!isEdited) return { ...state, folded, facts: after };
  return { folded, facts: { ...after, ...BEGUN_ANEW, planner: opening?.planner?.kind ?? null }, conversation: opened, memory: [] };
}

function saidIn({ stage }: Step): Said[] {
  if (stage.kind === "user") return [{ kind: "user", content: stage.output.content }];
  if (stage.kind === "tool") {
    const { callId, call } = stage.input;
    return [{ kind: "output", callId, name: call.name, output: stage.output.output, isError: stage.output.isError }];
  }
  if (stage.kind !== "move") return [];
  switch (stage.output.kind) {
    case "tool":
      return [{ kind: "call", callId: stage.output.callId, call: stage.output.call, said: stage.output.said }];
    case "reply":
      return [{ kind: "reply", content: stage.output.content }];
    case "rejected":
      return [{ kind: "rejected", answer: stage.output.answer, problem: stage.output.problem }];
    default:
      return [];
  }
}

function rememberedIn({ stage }: Step): MemoryItem[] {
  if (stage.kind !== "recall" && stage.kind !== "remember") return [];
  const outage: MemoryItem[] = stage.output.outage === undefined ? [] : [{ kind: "outage", content: stage.output.outage }];
  if (stage.kind === "remember") return [{ kind: "kept", session: stage.input.session, turns: stage.output.turns }, ...outage];
  const { turns, passages = [] } = stage.output;
  return [
    ...turns.map(({ role, content }): MemoryItem => ({ kind: "turn", role, content })),
    ...passages.map(({ document, title, text }): MemoryItem => ({ kind: "passage", document, title, text })),
    ...outage,
  ];
}

function foldStep(state: TaskState, step: Step): TaskState {
  const { stage, modelUse, attempt } = step;
  const { facts } = state;
  const understood = stage.kind === "understand" ? stage.output : facts;
  const after: TaskFacts = {
    ...facts,
    ...{ status: "running", error: null, attempt: Math.max(facts.attempt, attempt) },
    ...{ intent: understood.intent, confidence: understood.confidence, abstained: understood.abstained, slots: understood.slots },
    planner: stage.kind === "route" ? stage.output.planner : facts.planner,
    moves: facts.moves + (stage.kind === "move" ? 1 : 0),
    toolCalls: facts.toolCalls + (stage.kind === "tool" ? 1 : 0),
    tokens: facts.tokens + (modelUse?.inputTokens ?? 0) + (modelUse?.outputTokens ?? 0),
    costUsd: facts.costUsd + (modelUse?.call?.costUsd ?? 0),
  };
  const [said, remembered] = [saidIn(step), rememberedIn(step)];
  return {
    ...state,
    facts: after,
    conversation: said.length === 0 ? state.conversation : [...state.conversation, ...said],
    memory: remembered.length === 0 ? state.memory : [...state.memory, ...remembered],
  };
}

/** A task's state after one more moment: decisions come before the step in which they were taken. Pure. */
export function foldMoment(state: TaskState, { step, decisions }: TaskMoment, history: Pick<TaskHistory, "requests">): TaskState {
  const decided = decisions.reduce((before, decision) => foldOne(before, decision, history), state);
  return step === null ? decided : foldStep(decided, step);
}

/**
 * A task's state, memory and conversation at moment `index` of `momentsOf`. Pure: the fold over its events up to and including that moment.
 */
export function stateAt(history: TaskHistory, index: number): TaskState {
  return momentsOf(history)
    .slice(0, index + 1)
    .reduce((state, moment) => foldMoment(state, moment, history), NO_STATE);
}
