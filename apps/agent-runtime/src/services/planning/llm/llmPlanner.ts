import { AppError, type PlannerLimits, type PlanningAnswer, type PlanningRequest } from "@signalbox/model";
import type { ChatEndpoint, ChatRequest } from "../../../chat/chatEndpoint.ts";
import { modelUseOf } from "../../../chat/modelUseOf.ts";
import type { Clock } from "../../../clock.ts";
import { chatMessagesOf, chatToolsOf } from "./chatOf.ts";
import { type Drafts, NO_DRAFTS } from "./drafts.ts";
import { limitsFor, requireSense, requireWithinLimits } from "./limits.ts";
import { promptFor, promptOfText } from "./prompts.ts";
import { readAnswer } from "./readAnswer.ts";

/**
 * The model that is asked where a task names none, how freely it speaks (left to the endpoint when absent), and the most a task may use.
 */
export type LlmSettings = { model: string | undefined; temperature: number | undefined; limits: PlannerLimits };

/** Plans by asking a language model, which is given up once `halt` is aborted. */
export type LlmPlanner = (request: PlanningRequest, halt?: AbortSignal) => Promise<PlanningAnswer>;

/**
 * A planner that asks the models at `endpoint`. What it throws is in `PlanningService`; each answer, usable or not, is a
 * move. What a model writes is a draft while it does, and afterwards if it is a reply: all else is no text for the customer.
 */
export function openLlmPlanner(endpoint: ChatEndpoint, settings: LlmSettings, clock: Clock, drafts: Drafts = NO_DRAFTS): LlmPlanner {
  return async ({ planner, domain, tools, message, memories, turns, spent, draft: place, promptText }, halt) => {
    const asked = planner.kind === "llm" ? planner : undefined;
    if (turns.at(-1)?.kind === "reply")
      return { move: { kind: "stop", ended: true, reason: "The customer has the answer." }, modelUse: null };
    requireSense(turns);
    requireWithinLimits(spent, limitsFor(settings.limits, asked?.limits));

    const model = asked?.model ?? settings.model;
    if (model === undefined) throw new AppError("invalid_input", "The task names no model, and SIGNALBOX_LLM_MODEL is not set.");
    const prompt = promptText === undefined ? promptFor(domain, asked?.prompt) : promptOfText(promptText);
    const request: ChatRequest = {
      model,
      messages: chatMessagesOf(prompt.text, { memories, message, turns }),
      ...(tools.length === 0 ? {} : { tools: chatToolsOf(tools) }),
      ...(settings.temperature === undefined ? {} : { temperature: settings.temperature }),
    };
    using draft = place === undefined ? undefined : drafts.begin(place);
    const completion = await endpoint.complete(request, draft?.write, halt);
    const move = readAnswer(completion.answer, tools, turns);
    if (move.kind === "reply") draft?.stand();
    return {
      move,
      modelUse: modelUseOf(endpoint, request, completion, prompt, clock.nowUs() / 1_000),
    };
  };
}
