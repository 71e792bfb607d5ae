import { AppError, type PlanningAnswer, type PlanningRequest, type PlanningService } from "@signalbox/model";
import type { LlmPlanner } from "./llm/llmPlanner.ts";
import { handOver } from "./personPlanner.ts";
import { estimateModelUse } from "./recorded/estimateModelUse.ts";
import { playRecording } from "./recorded/recordedPlanner.ts";
import { planByRules } from "./rules/rulesPlanner.ts";

async function nextMove(request: PlanningRequest, llm: LlmPlanner | null, halt: AbortSignal | undefined): Promise<PlanningAnswer> {
  const { planner } = request;
  switch (planner.kind) {
    case "rules":
      return { move: planByRules(request), modelUse: null };
    case "recorded": {
      const move = playRecording(planner, request);
      return { move, modelUse: estimateModelUse(planner, request, move) };
    }
    case "person":
      return { move: handOver(request), modelUse: null };
    case "llm":
      if (llm !== null) return llm(request, halt);
      throw new AppError("invalid_input", "The task asks for a model, and this runtime has none.", { hint: "Set SIGNALBOX_LLM_URL." });
  }
}

/** Planning: hands a request to the planner that it names. `llm` is null if no model is configured. */
export function openPlanningService(llm: LlmPlanner | null): PlanningService {
  return { next: (request, halt) => nextMove(request, llm, halt) };
}
