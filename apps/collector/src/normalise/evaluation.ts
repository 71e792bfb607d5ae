import { KEYS, type Score } from "@signalbox/model";
import type { Attributes, OtlpSpan } from "../decode/index.ts";
import { isoOfNanos } from "./isoOfNanos.ts";
import { textAt } from "./readAttributes.ts";

/**
 * The name of the event that carries an evaluation in OpenTelemetry's GenAI conventions: a log record now, formerly an event within a span.
 */
export const EVALUATION_EVENT = "gen_ai.evaluation.result";

/** The judged span, the scorer, and the time (ISO 8601, UTC). */
interface Judged {
  project: string;
  traceId: string;
  spanId: string | null;
  scorer: string;
  time: string;
}

/** The score in an evaluation event, or null if it has no name or no finite value (a label alone cannot be averaged). */
export function readScore(attributes: Attributes, judged: Judged): Score | null {
  const name = textAt(attributes, ["gen_ai.evaluation.name"]);
  const value = Number(textAt(attributes, ["gen_ai.evaluation.score.value"]) ?? Number.NaN);
  if (name === null || !Number.isFinite(value)) return null;
  return {
    ...judged,
    name,
    value,
    label: textAt(attributes, ["gen_ai.evaluation.score.label"]) ?? "",
    explanation: textAt(attributes, ["gen_ai.evaluation.explanation"]) ?? "",
    ...feedbackIn(attributes),
  };
}

/** The id by which a LangSmith client knows a score. */
function feedbackIn(attributes: Attributes): Pick<Score, "feedback"> {
  const id = textAt(attributes, ["langsmith.feedback.id"]);
  if (id === null) return {};
  return { feedback: { id: id.toLowerCase(), runId: textAt(attributes, ["langsmith.feedback.run_id"])?.toLowerCase() ?? "" } };
}

/** The scores that a span carries as events. They count from when the span ended. */
export function scoresOfSpan(span: OtlpSpan, project: string): Score[] {
  const scorer = textAt(span.origin.resource, [KEYS.serviceName]) ?? "";
  const judged = { project, traceId: span.traceId, spanId: span.spanId, scorer, time: isoOfNanos(span.endTimeUnixNano) };
  return span.events.flatMap(({ name, attributes }) => (name === EVALUATION_EVENT ? (readScore(attributes, judged) ?? []) : []));
}
