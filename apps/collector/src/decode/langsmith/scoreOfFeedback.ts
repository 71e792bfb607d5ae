import { KEYS } from "@signalbox/model";
import type { JsonObject } from "../jsonBody.ts";
import { type Attributes, type AttributeValue, attributeText, emptyLogRecord, emptyOrigin, type OtlpLogRecord } from "../otlp.ts";
import { FEEDBACK_FIELD, type RunFields } from "./langSmithRequest.ts";
import { isOfSpan, runIdOf, spanIdOfRun } from "./runId.ts";
import { isNothing, structOf } from "./struct.ts";
import { readTime } from "./times.ts";

/** The feedback that waited for its run, as log records with its trace id. */
export function scoresOfRun(fields: RunFields, traceId: string): OtlpLogRecord[] {
  return Object.entries(fields)
    .filter(([key]) => key.startsWith(FEEDBACK_FIELD))
    .map(([, feedback]) => scoreOfFeedback({ ...structOf(feedback), trace_id: traceId }));
}

/**
 * Feedback as an evaluation log record of the GenAI conventions (`gen_ai.evaluation.result`). It judges the span of its run; its scorer is
 * the feedback's source (model, api, app, and the user there). Without a trace or a number it stays a plain log record.
 */
export function scoreOfFeedback(feedback: JsonObject): OtlpLogRecord {
  const {
    id,
    run_id: runUuid,
    trace_id: traceUuid,
    key,
    score,
    value,
    comment,
    correction,
    feedback_source: source,
    ...rest
  } = feedback as Readonly<Record<string, AttributeValue>>;
  const { type, user_id: user } = structOf(source);
  const runId = runIdOf(runUuid);
  const attributes: Attributes = new Map();
  const put = (name: string, some: AttributeValue | undefined): void => {
    if (!isNothing(some)) attributes.set(name, some ?? null);
  };
  put("gen_ai.evaluation.name", key);
  put("gen_ai.evaluation.score.value", typeof score === "boolean" ? Number(score) : (score ?? (typeof value === "number" ? value : null)));
  put("gen_ai.evaluation.score.label", isNothing(value) ? null : attributeText(value ?? null));
  put(
    "gen_ai.evaluation.explanation",
    [comment, correction].flatMap((text) => (isNothing(text) ? [] : attributeText(text ?? null))).join("\n"),
  );
  put("langsmith.feedback.id", id);
  put("langsmith.feedback.run_id", runUuid);
  put("langsmith.feedback.source", source);
  for (const [name, some] of Object.entries(rest)) put(`langsmith.feedback.${name}`, some);

  const scorer = [type, user].filter((text) => typeof text === "string" && text !== "").join(" ");
  return {
    ...emptyLogRecord(emptyOrigin(new Map([[KEYS.serviceName, scorer === "" ? "langsmith" : scorer]]))),
    eventName: "gen_ai.evaluation.result",
    traceId: runIdOf(traceUuid) ?? (runId !== null && isOfSpan(runId) ? runId : ""),
    spanId: runId === null ? "" : spanIdOfRun(runId),
    observedTimeUnixNano: readTime(feedback.modified_at) ?? readTime(feedback.created_at) ?? 0n,
    attributes,
  };
}
