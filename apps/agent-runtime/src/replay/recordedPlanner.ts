import { type AgentManifest, canonicalJson, type Move, type Step, type ToolDefinition } from "@signalbox/model";
import type { ChatAnswer } from "../chat/chatEndpoint.ts";
import type { Clock } from "../clock.ts";
import { type LlmPlanner, openLlmPlanner } from "../services/planning/llm/llmPlanner.ts";
import { nameForModel } from "../services/planning/llm/nameForModel.ts";

/** What held a recorded task is its own limits, and its attempt's failure says so; no setting of today stops it. */
const NO_LIMITS = { steps: 30, tokens: Number.MAX_SAFE_INTEGER, costUsd: Number.MAX_SAFE_INTEGER };

/** Costs are on record; nothing is priced anew. */
const NO_CLOCK: Clock = { nowUs: () => 0 };

/** An answer from which the planner would read a move. */
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
 * Whether a model was told of the tools that are ours, and of no others. What MCP servers said of theirs is not on record: with them, only
 * a change in which tools are ours can be seen. Nothing is known of the tools of a version of which only the name is on record.
 */
function wereToolsOurs(manifest: AgentManifest | undefined, domain: string, tools: readonly ToolDefinition[]): boolean {
  const names = manifest?.tools.names[domain];
  if (names === undefined) return false;
  const ours = names.filter((name) => !name.includes("."));
  return ours.length === names.length || canonicalJson(ours) !== canonicalJson(tools.map(({ name }) => name).sort());
}

/**
 * The planner that asks a model, with the model's answers from the record. The planner's own code runs: its rules of when to stop,
 * its limits, and its prompt, whose hash is on record, and so is that of the tools and of all that the model was sent; what the
 * model said and took is the record's. `manifest` is what is known of the version; `absent` is told of an answer that is not there.
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
