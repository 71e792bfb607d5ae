import { setTimeout as sleep } from "node:timers/promises";
import { AppError, FAILS_FOR_GOOD, type MemoryService, type PlanningService, type Planted, type ToolService } from "@signalbox/model";
import type { Services } from "../worker/converse.ts";

/** The tool that the fault `tool` breaks: most of the airline's tasks look a reservation up. */
export const BROKEN_TOOL = "get_reservation_details";

/** Factor by which the fault `slow` lengthens a move. */
const SLOWER = 1.3;

/** The share of tasks that the fault `dead` turns into dead letters. */
const DEAD_SHARE = 0.05;

/** Chance and time, as a planted fault sees them: a random number in [0, 1), and a wait in milliseconds. */
type World = { random: () => number; wait: (ms: number) => Promise<unknown> };

/**
 * A worker's services with a fault planted in them; unchanged if there is none. The tools that the worker serves to others stay intact: an
 * evaluation executes its expected actions with them.
 */
export function injectFault(services: Services, planted: Planted | null, world: World = { random: Math.random, wait: sleep }): Services {
  if (planted === null) return services;
  const { memory, planning, tools } = services;
  return {
    ...services,
    planning: injectIntoPlanning(planning, planted, world),
    memory: planted.fault === "marked" ? refuseMarked(memory) : memory,
    tools: planted.fault === "tool" ? breakTool(tools) : tools,
  };
}

/** Moves take between half and one and a half times their average. A task chosen to end as a dead letter does so at its first move. */
function injectIntoPlanning(planning: PlanningService, { fault, planMs }: Planted, { random, wait }: World): PlanningService {
  const meanMs = fault === "slow" ? planMs * SLOWER : planMs;
  return {
    async next(request, halt) {
      if (fault === "dead" && request.turns.length === 0 && random() < DEAD_SHARE)
        throw new AppError("invalid_input", "SIGNALBOX_PLANTED_FAULT=dead: this is one of the tasks that are to end as dead letters.");
      if (meanMs > 0) await wait(meanMs * (0.5 + random()));
      return planning.next(request, halt);
    },
  };
}

/** Remembering a marked conversation fails each time, after its tools have taken effect. */
function refuseMarked(memory: MemoryService): MemoryService {
  return {
    ...memory,
    async remember(turn) {
      if (turn.content.includes(FAILS_FOR_GOOD))
        throw new AppError("invalid_input", "SIGNALBOX_PLANTED_FAULT=marked: this task is to end as a dead letter.");
      return memory.remember(turn);
    },
  };
}

function breakTool(tools: ToolService): ToolService {
  return {
    ...tools,
    async call(request) {
      if (request.call.name !== BROKEN_TOOL) return tools.call(request);
      return { output: "Error: the tool is out of order", isError: true, endsEpisode: false, replayed: false };
    },
  };
}
