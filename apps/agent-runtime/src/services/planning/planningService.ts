import type { Move, PlanningRequest, PlanningService } from "@signalbox/model";
import { playRecording } from "./recorded/recordedPlanner.ts";
import { planByRules } from "./rules/rulesPlanner.ts";

function nextMove(request: PlanningRequest): Move {
  return request.planner.kind === "recorded" ? playRecording(request.planner, request) : planByRules(request);
}

/** Planning and reasoning: hands a request to the planner that it names. */
export function openPlanningService(): PlanningService {
  return { next: async (request) => nextMove(request) };
}
