import type { TaskRecord } from "@signalbox/db/prisma";
import { KEYS, type ModelUse, type Step, sha256, spanIdOf, type TaskRequest } from "@signalbox/model";
import { agentNameOf, SERVICES, type ServiceName, VERSION } from "../identity.ts";
import { turnsOf } from "../worker/conversation.ts";
import { messageOfMove, messagesOf, type WireMessage } from "./messages.ts";
import { instructionsOf, modelAttributes, type SpanAttributes, totalAttributes } from "./modelAttributes.ts";

/**
 * The facts of a span. `version` is the agent version that did the work. Times are microseconds since 1970; an `error` sets the error
 * status.
 */
export type SpanFacts = {
  name: string;
  service: ServiceName;
  version: string;
  isClient: boolean;
  traceId: string;
  spanId: string;
  parentSpanId: string | null;
  startUs: number;
  endUs: number;
  error: string | null;
  attributes: SpanAttributes;
};

type Description = Pick<SpanFacts, "name" | "service" | "isClient" | "error" | "attributes">;

/** Our own attribute keys, which no other part of the product reads by name. */
const OWN_KEYS = {
  intent: "signalbox.intent",
  intentModel: "signalbox.intent.model",
  confidence: "signalbox.confidence",
  abstained: "signalbox.abstained",
  slot: "signalbox.slot",
  taskName: "signalbox.task.name",
  confidenceBasis: "signalbox.confidence.basis",
  memoryOutage: "signalbox.memory.outage",
  documents: "signalbox.knowledge.documents",
} as const;

/** The attributes of every span of a task, so that each can be found by them. */
function taskAttributes({ id, request, variant }: TaskRecord): SpanAttributes {
  return {
    [KEYS.taskId]: id,
    ...(request.session === undefined ? {} : { [KEYS.conversationId]: request.session }),
    ...(request.user === undefined ? {} : { [KEYS.userId]: request.user }),
    ...(request.tags.length === 0 ? {} : { [KEYS.tags]: request.tags }),
    ...(variant === null ? {} : { [KEYS.variant]: variant }),
  };
}

/** Messages of the session's earlier conversations, as a model was sent them; other planners get none. */
function earlierMessages(before: readonly Step[], modelUse: ModelUse | null): WireMessage[] {
  if (modelUse === null || modelUse.call === null) return [];
  const recalled = before.flatMap(({ stage }) => (stage.kind === "recall" ? stage.output.turns : []));
  return recalled.flatMap(({ role, content }): WireMessage[] =>
    role === "user" || role === "assistant" ? [{ role, parts: [{ type: "text", content }] }] : [],
  );
}

/** The prompt attributes of a planner that is not a model: a recorded one is identified by its prompt's text, the rules by our version. */
function promptAttributes({ domain, planner }: TaskRequest): SpanAttributes {
  if (planner.kind !== "recorded") return { [KEYS.promptName]: `${domain}-rules`, [KEYS.promptVersion]: VERSION };
  return {
    [KEYS.promptName]: `${domain}-system-prompt`,
    [KEYS.promptVersion]: sha256(planner.system).slice(0, 12),
    [KEYS.systemInstructions]: JSON.stringify([{ type: "text", content: planner.system }]),
  };
}

function describeMove(task: TaskRecord, before: readonly Step[], { stage, modelUse }: Step): Description | null {
  if (stage.kind !== "move" || stage.output.kind === "user" || stage.output.kind === "stop") return null;
  const agentName = agentNameOf(task.request.domain);
  const attributes = {
    ...promptAttributes(task.request),
    [KEYS.agentName]: agentName,
    [KEYS.inputMessages]: JSON.stringify([...earlierMessages(before, modelUse), ...messagesOf(task.request.message, turnsOf(before))]),
    [KEYS.outputMessages]: JSON.stringify([messageOfMove(stage.output)]),
    ...instructionsOf(modelUse),
  };
  const described = { service: SERVICES.planning, error: stage.output.kind === "rejected" ? stage.output.problem : null };
  if (modelUse === null)
    return { ...described, name: `plan ${agentName}`, isClient: false, attributes: { ...attributes, [KEYS.operation]: "plan" } };
  const name = `chat ${modelUse.model}`;
  return { ...described, name, isClient: true, attributes: { ...attributes, ...modelAttributes(modelUse) } };
}

function describeUnderstanding({ stage, modelUse }: Step): Description | null {
  if (stage.kind !== "understand") return null;
  const { intent, confidence, abstained, slots, basis, intentModel } = stage.output;
  const found = Object.fromEntries(Object.entries(slots).map(([name, value]) => [`${OWN_KEYS.slot}.${name}`, value]));
  const attributes = {
    [OWN_KEYS.intent]: intent,
    [OWN_KEYS.confidence]: confidence,
    ...(basis === undefined ? {} : { [OWN_KEYS.confidenceBasis]: basis }),
    [OWN_KEYS.abstained]: abstained,
    ...(intentModel === undefined ? {} : { [OWN_KEYS.intentModel]: intentModel }),
    ...found,
    ...(modelUse === null ? {} : modelAttributes(modelUse)),
  };
  return { name: "understand", service: SERVICES.language, isClient: modelUse !== null, error: null, attributes };
}

/** The outage of memory during a step: what was unavailable, or that the task waited. */
function outageAttribute(outage: string | undefined): SpanFacts["attributes"] {
  return outage === undefined ? {} : { [OWN_KEYS.memoryOutage]: outage };
}

function describeStage(task: TaskRecord, before: readonly Step[], step: Step): Description | null {
  const { stage } = step;
  switch (stage.kind) {
    case "understand":
      return describeUnderstanding(step);
    case "recall": {
      const { passages = [], outage } = stage.output;
      const turns = stage.output.turns.map(({ role, content }) => ({ role, parts: [{ type: "text", content }] }));
      const attributes = {
        [KEYS.operation]: "search_memory",
        [KEYS.outputMessages]: JSON.stringify(turns),
        ...(passages.length === 0 ? {} : { [OWN_KEYS.documents]: passages.map(({ document }) => document) }),
        ...outageAttribute(outage),
      };
      return { name: "search_memory", service: SERVICES.memory, isClient: false, error: null, attributes };
    }
    case "remember":
      return {
        name: "update_memory",
        service: SERVICES.memory,
        isClient: false,
        error: null,
        attributes: { [KEYS.operation]: "update_memory", ...outageAttribute(stage.output.outage) },
      };
    case "tool": {
      const { callId, call } = stage.input;
      const { output, isError } = stage.output;
      const attributes = {
        [KEYS.operation]: "execute_tool",
        [KEYS.toolName]: call.name,
        [KEYS.toolCallId]: callId,
        [KEYS.toolArguments]: JSON.stringify(call.arguments),
        [KEYS.toolResult]: output,
      };
      return { name: `execute_tool ${call.name}`, service: SERVICES.tools, isClient: false, error: isError ? output : null, attributes };
    }
    case "move":
      return describeMove(task, before, step);
    case "route":
    case "user":
      return null;
  }
}

/**
 * The root span of a task: all customer messages, including those after the last model call, and the result. Null while the task runs (or
 * runs again): its end will owe the span again.
 */
function rootSpanOf(task: TaskRecord, steps: readonly Step[], version: string): SpanFacts | null {
  const { request, result, startedUs, finishedUs } = task;
  if (startedUs === null || finishedUs === null) return null;
  const agentName = agentNameOf(request.domain);
  const customerTurns = turnsOf(steps).filter(({ kind }) => kind === "user");
  const answers = (result?.answers ?? []).map((content) => messageOfMove({ kind: "reply", content, reason: "" }));
  return {
    name: `invoke_agent ${agentName}`,
    service: SERVICES.worker,
    version,
    isClient: false,
    traceId: task.traceId,
    spanId: spanIdOf(task.id, 0),
    parentSpanId: null,
    startUs: startedUs,
    endUs: finishedUs,
    error: task.error,
    attributes: {
      ...taskAttributes(task),
      [OWN_KEYS.taskName]: request.name,
      ...totalAttributes(steps),
      [KEYS.operation]: "invoke_agent",
      [KEYS.agentName]: agentName,
      [KEYS.inputMessages]: JSON.stringify(messagesOf(request.message, customerTurns)),
      [KEYS.outputMessages]: JSON.stringify(answers.slice(-1)),
    },
  };
}

/**
 * The span of a task's step (0 is the task itself): a pure function of the journal, so that it is the same however often it is sent.
 * `servedBy` maps attempts to the versions that served them. Null for a step without a span.
 */
export function spanOf(
  task: TaskRecord,
  steps: readonly Step[],
  position: number,
  servedBy: ReadonlyMap<number, string> = new Map(),
): SpanFacts | null {
  const versionOf = (attempt: number): string => servedBy.get(attempt) ?? VERSION;
  if (position === 0) return rootSpanOf(task, steps, versionOf(task.attempts));
  const step = steps[position - 1];
  const described = step === undefined ? null : describeStage(task, steps.slice(0, position - 1), step);
  if (step === undefined || described === null) return null;
  return {
    ...described,
    version: versionOf(step.attempt),
    traceId: task.traceId,
    spanId: spanIdOf(task.id, position),
    parentSpanId: spanIdOf(task.id, 0),
    startUs: step.startedUs,
    endUs: step.finishedUs,
    attributes: { ...taskAttributes(task), [KEYS.step]: position, ...described.attributes },
  };
}
