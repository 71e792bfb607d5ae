import { type Decision, EMPTY_CHAIN, KEYS, sealDecision } from "@signalbox/model";
import { type AttributeValue, attributeText, type OtlpSpan } from "../decode/index.ts";
import { isoOfNanos } from "./isoOfNanos.ts";
import { textAt } from "./readAttributes.ts";

type Struct = { readonly [key: string]: AttributeValue };

/** A decision model's input, its questions, and its answers by question id. */
interface Told {
  state: AttributeValue;
  questions: AttributeValue;
  answers: Struct;
}

/** One answer. `probabilities` and `confidence` are 0 to 1; `refusal` is the reason of a model that would not or could not answer. */
interface Answer {
  type: string;
  value: AttributeValue;
  probabilities?: AttributeValue;
  confidence?: number;
  refusal?: string;
}

/** Readers for each SDK's form of a decision, in order of precedence. */
const READERS: readonly ((span: OtlpSpan) => Told | null)[] = [ofVercelAi, ofLangChain, ofStrands];

/**
 * The answers of a decision model as a decision event: a chain of its own with one link, identified by its span. Null if the span holds
 * none. Pure. No convention covers such decisions yet; Vercel's AI SDK 7, LangChain and Strands each have their own form.
 */
export function decisionOfSpan(span: OtlpSpan, project: string): Decision | null {
  for (const read of READERS) {
    const told = read(span);
    if (told !== null) return decisionOf(told, span, project);
  }
  return null;
}

function decisionOf({ state, questions, answers: raw }: Told, span: OtlpSpan, project: string): Decision {
  const { resource } = span.origin;
  const answers = Object.fromEntries(Object.entries(raw).map(([id, answer]) => [id, readAnswer(answer)]));
  const all = Object.entries(answers);
  const confidences = all.flatMap(([, { confidence }]) => confidence ?? []);
  return sealDecision(EMPTY_CHAIN, {
    project,
    taskId: `${span.traceId}/${span.spanId}`,
    kind: "decided",
    time: isoOfNanos(span.endTimeUnixNano),
    actor: { service: textAt(resource, [KEYS.serviceName]) ?? "", version: textAt(resource, [KEYS.serviceVersion]) ?? "" },
    attempt: 1,
    traceId: span.traceId,
    spanId: span.spanId,
    chosen: all.map(([id, { value }]) => `${id}: ${attributeText(value)}`).join("; "),
    confidence: confidences.length === 0 ? null : Math.min(...confidences),
    reason: all.flatMap(([id, { refusal }]) => (refusal === undefined ? [] : [`${id}: ${refusal}`])).join("; "),
    detail: {
      model: textAt(span.attributes, [KEYS.responseModel, KEYS.requestModel, "langsmith.metadata.ls_model_name"]),
      state,
      questions,
      answers,
    },
  });
}

/** The SDK reports a decision twice: on the whole operation, and on the model call inside it, which alone has the provider's answer. */
function ofVercelAi({ attributes }: OtlpSpan): Told | null {
  if (!attributes.has("ai.decision.answers") || CALL_OF_MODEL.some((key) => attributes.has(key))) return null;
  const answers = structOf(attributes.get("ai.decision.answers"));
  const [state, questions] = ["ai.decision.state", "ai.decision.questions"].map((key) => jsonOf(attributes.get(key)));
  return answers === null ? null : { state: state ?? null, questions: questions ?? null, answers };
}

const CALL_OF_MODEL = [KEYS.inputTokens, KEYS.outputTokens, KEYS.responseModel, "gen_ai.response.id"];

/** A run whose inputs are a state and questions, and whose outputs are answers. */
function ofLangChain({ attributes }: OtlpSpan): Told | null {
  if (attributes.get("langsmith.decision") !== true) return null;
  const { state = null, questions = null } = structOf(attributes.get("langsmith.input")) ?? {};
  const answers = structOf(structOf(attributes.get("langsmith.output"))?.answers);
  return answers === null ? null : { state, questions, answers };
}

/**
 * Two events of a span, each with one JSON text under a key that their documentation does not name. Questions are given only by their ids.
 */
function ofStrands({ events }: OtlpSpan): Told | null {
  const told = (name: string): AttributeValue => {
    const event = events.find((some) => some.name === name);
    return Array.from(event?.attributes.values() ?? [], jsonOf).find((value) => typeof value === "object" && value !== null) ?? null;
  };
  const answers = structOf(told("gen_ai.decision.answers"));
  return answers === null ? null : { state: null, questions: told("gen_ai.decision.questions"), answers };
}

/** An answer in any of the SDKs' forms. A boolean's probability is that of yes; `noul` is LangChain's name for one. */
function readAnswer(answer: AttributeValue): Answer {
  const told = structOf(answer);
  if (told === null) return { type: "other", value: answer };
  const { type, choice, score, box, noul, probability, probabilities, confidence, reason, refusal, uncertain } = told;
  const yes = asShare(noul ?? probability);
  const why =
    uncertain === true || type === "refusal" || refusal !== undefined ? attributeText(reason ?? refusal ?? "uncertain") : undefined;
  const sure = asShare(confidence) ?? (yes === undefined ? asShare(structOf(probabilities)?.[String(choice)]) : Math.max(yes, 1 - yes));
  return {
    type: type === "noul" ? "boolean" : attributeText(type ?? "other"),
    value: choice ?? score ?? box ?? (yes === undefined ? null : yes >= 0.5),
    ...(yes === undefined ? {} : { probabilities: { true: yes, false: 1 - yes } }),
    ...(probabilities === undefined ? {} : { probabilities }),
    ...(sure === undefined ? {} : { confidence: sure }),
    ...(why === undefined ? {} : { refusal: why }),
  };
}

function asShare(value: AttributeValue | undefined): number | undefined {
  return typeof value === "number" && value >= 0 && value <= 1 ? value : undefined;
}

function structOf(value: AttributeValue | undefined): Struct | null {
  const parsed = jsonOf(value);
  return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? parsed : null;
}

/** A value, or the parsed value of its JSON text. */
function jsonOf(value: AttributeValue | undefined): AttributeValue {
  if (typeof value !== "string") return value ?? null;
  try {
    return JSON.parse(value) as AttributeValue;
  } catch {
    return value;
  }
}
