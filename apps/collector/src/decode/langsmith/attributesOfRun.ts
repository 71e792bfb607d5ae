import { KEYS } from "@signalbox/model";
import { type Attributes, type AttributeValue, attributeText } from "../otlp.ts";
import { ATTACHMENT_FIELD, FEEDBACK_FIELD, type RunFields } from "./langSmithRequest.ts";
import { messageOf } from "./messageOf.ts";
import { type RunBody, readBody } from "./messagesOfRun.ts";
import { uuidOf } from "./runId.ts";
import { hasOnly, isNothing, isStruct, structOf } from "./struct.ts";
import { usageOfRun } from "./usageOfRun.ts";

/** Attribute keys of run fields: those of LangSmith's own OpenTelemetry exporter where it has one. */
const FIELD_KEYS: Readonly<Record<string, string>> = {
  run_type: "langsmith.span.kind",
  dotted_order: "langsmith.span.dotted_order",
  session_id: "langsmith.trace.session_id",
  session_name: "langsmith.trace.session_name",
  reference_example_id: "langsmith.reference_example_id",
};

/** Fields that have a place elsewhere in the span, or become attributes of their own below. */
const TAKEN = new Set("id trace_id parent_run_id name start_time end_time error events inputs outputs extra tags".split(" "));

/** The project to which LangSmith's `evaluate` sends the runs of its evaluators. */
const EVALUATORS_PROJECT = "evaluators";

/** The attributes of a run: all its fields without a place of their own in a span. Empty values are left out. */
export function attributesOfRun(
  runId: string,
  { traceId, parentId }: { traceId: string; parentId: string | null },
  fields: RunFields,
): Attributes {
  const attributes: Attributes = new Map();
  const put = (key: string, value: AttributeValue | undefined): void => {
    if (!isNothing(value)) attributes.set(key, value ?? null);
  };
  const { metadata, runtime: _, ...extra } = structOf(fields.extra);

  put("langsmith.span.id", uuidOf(runId));
  put("langsmith.span.parent_id", parentId === null ? null : uuidOf(parentId));
  put("langsmith.trace.id", uuidOf(traceId));
  put("langsmith.role", roleOf(fields, parentId === null));
  put(KEYS.tags, fields.tags);
  putBodies(fields, put);
  putUsage(fields, put);
  put("langsmith.model", modelOf(fields));
  put("langsmith.decision", isDecision(fields) ? true : null);
  put("langsmith.attachments", attachmentsOf(fields));
  for (const [key, value] of Object.entries(fields)) {
    if (!TAKEN.has(key) && !key.startsWith(ATTACHMENT_FIELD) && !key.startsWith(FEEDBACK_FIELD))
      put(FIELD_KEYS[key] ?? `langsmith.run.${key}`, plain(value));
  }
  for (const [key, value] of Object.entries(structOf(metadata))) put(`langsmith.metadata.${key}`, plain(value));
  for (const [key, value] of Object.entries(extra)) put(`langsmith.extra.${key}`, plain(value));
  return attributes;
}

type Put = (key: string, value: AttributeValue | undefined) => void;

/** The span's role, where the run's type does not tell it. */
function roleOf({ session_name: project, extra }: RunFields, isRoot: boolean): string | null {
  if (project === EVALUATORS_PROJECT && isRoot) return "evaluator";
  return isNothing(structOf(structOf(extra).metadata).ls_agent_type) ? null : "agent";
}

function putBodies({ run_type: type, name, inputs, outputs }: RunFields, put: Put): void {
  if (type === "tool") {
    put("langsmith.tool.name", name);
    put("langsmith.tool.arguments", textOf(inputs));
    put("langsmith.tool.result", textOf(resultOf(outputs)));
    return;
  }
  putBody("input", readBody(inputs, "user"), put);
  putBody("output", readBody(outputs, "assistant"), put);
}

function putBody(side: "input" | "output", { messages, rest }: RunBody, put: Put): void {
  put(`langsmith.${side}.messages`, messages.length === 0 ? null : JSON.stringify(messages));
  put(`langsmith.${side}`, textOf(rest));
}

/** A tool's result: LangSmith's clients wrap it as {output: …} or {outputs: …}, LangChain in a message besides. */
function resultOf(outputs: AttributeValue | undefined): AttributeValue | undefined {
  const [[key, value] = ["", null], ...more] = Object.entries(structOf(outputs));
  if (more.length > 0 || (key !== "output" && key !== "outputs")) return outputs;
  const { content, ...message } = structOf(value);
  const isWhole = content !== undefined && messageOf(value)?.message.role === "tool" && hasOnly(message, TOOL_MESSAGE_KEYS);
  return isWhole ? content : value;
}

/** Fields of a tool's message, beside its content, that the span has already. */
const TOOL_MESSAGE_KEYS = ["type", "role", "name", "id", "tool_call_id", "status"];

function textOf(value: AttributeValue | undefined): string | null {
  return value === undefined || value === null ? null : attributeText(value);
}

function putUsage(fields: RunFields, put: Put): void {
  const usage = usageOfRun(fields);
  if (usage === null) return;
  put("langsmith.usage.input_tokens", usage.input);
  put("langsmith.usage.output_tokens", usage.output);
  put("langsmith.usage.cache_read", usage.cacheRead);
  put("langsmith.usage.cache_creation", usage.cacheWrite);
  put("langsmith.usage.reasoning", usage.reasoning);
  put("langsmith.usage.total_cost", usage.costUsd);
}

/** Whether the run is a LangChain decision model answering questions about a state: it is traced as a model call. */
function isDecision({ inputs, outputs }: RunFields): boolean {
  return isStruct(structOf(inputs).questions) && isStruct(structOf(outputs).answers);
}

/** The model of a run whose metadata names none: the one in the provider's answer, or the one requested. */
function modelOf({ run_type: type, outputs, extra }: RunFields): AttributeValue | undefined {
  const answer = structOf(outputs);
  const asked = structOf(structOf(extra).invocation_params);
  if (type !== "llm" && type !== "embedding") return null;
  return [answer.model, structOf(answer.llm_output).model_name, asked.model, asked.model_name].find((model) => typeof model === "string");
}

/** Names, types and sizes of attachments; the files themselves are not stored. */
function attachmentsOf(fields: RunFields): AttributeValue {
  return Object.entries(fields)
    .filter(([key]) => key.startsWith(ATTACHMENT_FIELD))
    .map(([key, file]) => ({ name: key.slice(ATTACHMENT_FIELD.length), ...structOf(file) }));
}

/** A value as an attribute. Attributes are flat: lists and objects become their JSON text. */
function plain(value: AttributeValue): AttributeValue {
  return typeof value === "object" && !isNothing(value) ? attributeText(value) : value;
}
