import { type Decision, EMPTY_CHAIN, KEYS, sealDecision } from "@signalbox/model";
import { type AttributeValue, attributeText, type OtlpSpan } from "../decode/index.ts";
import { isoOfNanos } from "./isoOfNanos.ts";
import { textAt } from "./readAttributes.ts";

type Struct = { readonly [key: string]: AttributeValue };

/** What a decision model was asked, and what it answered, by the id of the question. */
interface Told {
  state: AttributeValue;
  questions: AttributeValue;
  answers: Struct;
}

/** One answer. `probabilities` and `confidence` are 0 to 1; a model that would not or could not answer says why in `refusal`. */
interface Answer {
  type: string;
  value: AttributeValue;
  probabilities?: AttributeValue;
  confidence?: number;
  refusal?: string;
}

/** How each SDK tells a decision, in the order that they are asked. */
const READERS: readonly ((span: OtlpSpan) => Told | null)[] = [ofVercelAi, ofLangChain, ofStrands];

/**
 * What a decision model answered, as a decision event: a chain of its own with one link, known by its span. Null where a span
 * tells none. Pure. No convention has a standing for these yet; Vercel's AI SDK 7, LangChain and Strands each have their own.
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

/**
 * The SDK tells it twice: of the whole operation, and of the call of the model inside it, which alone says what the provider answered with.
 */
function ofVercelAi({ attributes }: OtlpSpan): Told | null {
  if (!attributes.has("ai.decision.answers") || CALL_OF_MODEL.some((key) => attributes.has(key))) return null;
  const answers = structOf(attributes.get("ai.decision.answers"));
  const [state, questions] = ["ai.decision.state", "ai.decision.questions"].map((key) => jsonOf(attributes.get(key)));
  return answers === null ? null : { state: state ?? null, questions: questions ?? null, answers };
}

const CALL_OF_MODEL = [KEYS.inputTokens, KEYS.outputTokens, KEYS.responseModel, "gen_ai.response.id"];

/** A run whose inputs are a state and questions, and whose outputs have answers. */
function ofLangChain({ attributes }: OtlpSpan): Told | null {
  if (attributes.get("langsmith.decision") !== true) return null;
  const { state = null, questions = null } = structOf(attributes.get("langsmith.input")) ?? {};
  const answers = structOf(structOf(attributes.get("langsmith.output"))?.answers);
  return answers === null ? null : { state, questions, answers };
}

/**
 * Two events of a span, each with one JSON text under a key that their
 * documentation does not name. The questions are told by their ids alone.
 */
function ofStrands({ events }: OtlpSpan): Told | null {
  const told = (name: string): AttributeValue => {
    const event = events.find((some) => some.name === name);
    return Array.from(event?.attributes.values() ?? [], jsonOf).find((value) => typeof value === "object" && value !== null) ?? null;
  };
  const answers = structOf(told("gen_ai.decision.answers"));
  return answers === null ? null : { state: null, questions: told("gen_ai.decision.questions"), answers };
}

/** An answer in any of their words. A boolean's probability is that of yes; `noul` is LangChain's name for one. */
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

/** A value, or what its JSON text says. */
function jsonOf(value: AttributeValue | undefined): AttributeValue {
  if (typeof value !== "string") return value ?? null;
  try {
    return JSON.parse(value) as AttributeValue;
  } catch {
    return value;
  }
}
