import { AppError, type PlannerLimits, type PlanningAnswer, type PlanningRequest } from "@signalbox/model";
import type { ChatEndpoint, ChatRequest } from "../../../chat/chatEndpoint.ts";
import { modelUseOf } from "../../../chat/modelUseOf.ts";
import type { Clock } from "../../../clock.ts";
import { chatMessagesOf, chatToolsOf } from "./chatOf.ts";
import { type Drafts, NO_DRAFTS } from "./drafts.ts";
import { limitsFor, requireSense, requireWithinLimits } from "./limits.ts";
import { promptFor, promptOfText } from "./prompts.ts";
import { readAnswer } from "./readAnswer.ts";

/** The model for tasks that name none, its temperature (left to the endpoint when absent), and the limits of a task. */
export type LlmSettings = { model: string | undefined; temperature: number | undefined; limits: PlannerLimits };

/** Plans by calling a language model; aborting `halt` gives the call up. */
export type LlmPlanner = (request: PlanningRequest, halt?: AbortSignal) => Promise<PlanningAnswer>;

/**
 * A planner that calls models at `endpoint`. Its errors are those of `PlanningService`; each answer, usable or not, is a move. A model's
 * text is a draft while it is being written, and stands afterwards only if it is a reply: nothing else is meant for the customer.
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
