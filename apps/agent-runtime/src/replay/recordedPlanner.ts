import { type AgentManifest, canonicalJson, type Move, type Step, type ToolDefinition } from "@signalbox/model";
import type { ChatAnswer } from "../chat/chatEndpoint.ts";
import type { Clock } from "../clock.ts";
import { type LlmPlanner, openLlmPlanner } from "../services/planning/llm/llmPlanner.ts";
import { nameForModel } from "../services/planning/llm/nameForModel.ts";

/**
 * Unlimited, except for steps: a recorded task was held by the limits of its time, and its attempt's failure says so. Today's settings must
 * not stop it.
 */
const NO_LIMITS = { steps: 30, tokens: Number.MAX_SAFE_INTEGER, costUsd: Number.MAX_SAFE_INTEGER };

/** Costs come from the record; nothing is priced anew. */
const NO_CLOCK: Clock = { nowUs: () => 0 };

/** A model answer that the planner reads as the given move. */
function answerFor(move: Move, model: string): ChatAnswer {
  const answer = { model, content: "", toolCalls: [], finishReason: "stop", usage: null };
  if (move.kind === "reply") return { ...answer, content: move.content };
  if (move.kind === "rejected") return { ...answer, content: move.answer };
  if (move.kind !== "tool") return answer;
  const { name, arguments: given } = move.call;
  const call = { id: move.callId, type: "function" as const, function: { name: nameForModel(name), arguments: JSON.stringify(given) } };
  return { ...answer, content: move.said ?? "", toolCalls: [call] };
}

/**
 * Whether the hash of a model's tools must match ours: it was told of our tools alone, or our tools have changed since. The descriptions of
 * MCP tools are not recorded, so beside them only a change in the set of our tools can be seen. The tools of a version known only by name
 * are not compared.
 */
function wereToolsOurs(manifest: AgentManifest | undefined, domain: string, tools: readonly ToolDefinition[]): boolean {
  const names = manifest?.tools.names[domain];
  if (names === undefined) return false;
  const ours = names.filter((name) => !name.includes("."));
  return ours.length === names.length || canonicalJson(ours) !== canonicalJson(tools.map(({ name }) => name).sort());
}

/**
 * The model planner with the model's answers taken from the record. The planner's own code runs: its stopping rules, its limits, and its
 * prompt. The hashes of the prompt, of the tools and of the whole request are on record and compared; the answers and the usage are the
 * record's. `manifest` is what is known of the version; `absent` is called for an answer that is missing.
 */
export function openRecordedPlanner(
  steps: readonly Step[],
  manifest: AgentManifest | undefined,
  absent: (what: string) => never,
): LlmPlanner {
  const moves = steps.filter(({ stage }) => stage.kind === "move");
  return async (request) => {
    const recorded = moves[request.spent.steps];
    const [move, modelUse] = recorded?.stage.kind === "move" ? [recorded.stage.output, recorded.modelUse] : [null, null];
    const endpoint = {
      provider: modelUse?.provider ?? "",
      complete: async () => ({
        answer: answerFor(move ?? absent("an answer of the model"), modelUse?.call?.model ?? ""),
        isReplayed: true,
      }),
    };
    const temperature = manifest?.model?.temperature ?? undefined;
    const settings = { model: modelUse?.model ?? "", temperature, limits: NO_LIMITS };
    const answer = await openLlmPlanner(endpoint, settings, NO_CLOCK)(request);
    if (move === null || modelUse?.call == null || answer.modelUse?.call == null) return answer;
    const { model, call } = answer.modelUse;
    const asked = wereToolsOurs(manifest, request.domain, request.tools)
      ? { toolsHash: call.toolsHash, requestHash: call.requestHash }
      : {};
    return { move, modelUse: { ...modelUse, model, call: { ...modelUse.call, prompt: call.prompt, ...asked } } };
  };
}
