import { KEYS, type ModelUse, type Step } from "@signalbox/model";
import { PROMPTS } from "../services/planning/llm/prompts.ts";

/** Attributes of a span, by key. */
export type SpanAttributes = Record<string, string | number | boolean | string[]>;

/** Our own attribute keys about model calls, which no other part of the product reads by name. */
const OWN_KEYS = {
  taskModels: "signalbox.task.models",
  taskInputTokens: "signalbox.task.input_tokens",
  taskOutputTokens: "signalbox.task.output_tokens",
  taskCostUsd: "signalbox.task.cost_usd_estimate",
  promptHash: "signalbox.prompt.hash",
  toolsHash: "signalbox.tools.hash",
  requestHash: "signalbox.request.hash",
  replayed: "signalbox.replayed",
  finishReasons: "gen_ai.response.finish_reasons",
} as const;

/** The attributes of a model's answer. Cost is left out: the collector has prices, and here it would only be an estimate. */
export function modelAttributes({ provider, model, inputTokens, outputTokens, call }: ModelUse): SpanAttributes {
  const asked = {
    [KEYS.operation]: "chat",
    [KEYS.provider]: provider,
    [KEYS.requestModel]: model,
    [KEYS.responseModel]: call?.model ?? model,
    [KEYS.inputTokens]: inputTokens,
    [KEYS.outputTokens]: outputTokens,
  };
  if (call === null) return { ...asked, [KEYS.usageEstimated]: true };
  return {
    ...asked,
    ...(call.isEstimate ? { [KEYS.usageEstimated]: true } : {}),
    ...(call.cachedTokens === 0 ? {} : { [KEYS.cachedTokens]: call.cachedTokens }),
    ...(call.reasoningTokens === 0 ? {} : { [KEYS.reasoningTokens]: call.reasoningTokens }),
    ...(call.isReplayed ? { [OWN_KEYS.replayed]: true } : {}),
    [OWN_KEYS.finishReasons]: [call.finishReason],
    [KEYS.promptName]: call.prompt.name,
    [KEYS.promptVersion]: call.prompt.version,
    [OWN_KEYS.promptHash]: call.prompt.hash,
    [OWN_KEYS.toolsHash]: call.toolsHash,
    [OWN_KEYS.requestHash]: call.requestHash,
  };
}

/** The text of a model's prompt, if the prompt file is still the one that was used. */
export function instructionsOf(modelUse: ModelUse | null): SpanAttributes {
  const used = modelUse?.call?.prompt;
  const prompt = used === undefined ? undefined : PROMPTS.get(`${used.name}@${used.version}`);
  if (prompt === undefined || prompt.hash !== used?.hash) return {};
  return { [KEYS.systemInstructions]: JSON.stringify([{ type: "text", content: prompt.text }]) };
}

/** The total usage of all models in a task; empty if no model was called. */
export function totalAttributes(steps: readonly Step[]): SpanAttributes {
  const uses = steps.flatMap(({ modelUse }) => (modelUse === null || modelUse.call === null ? [] : [{ ...modelUse, call: modelUse.call }]));
  if (uses.length === 0) return {};
  const costs = uses.flatMap(({ call }) => call.costUsd ?? []);
  return {
    [OWN_KEYS.taskModels]: [...new Set(uses.map(({ call }) => call.model))],
    [OWN_KEYS.taskInputTokens]: uses.reduce((sum, { inputTokens }) => sum + inputTokens, 0),
    [OWN_KEYS.taskOutputTokens]: uses.reduce((sum, { outputTokens }) => sum + outputTokens, 0),
    ...(costs.length === 0 ? {} : { [OWN_KEYS.taskCostUsd]: costs.reduce((sum, cost) => sum + cost, 0) }),
    ...(uses.some(({ call }) => call.isEstimate) ? { [KEYS.usageEstimated]: true } : {}),
  };
}
