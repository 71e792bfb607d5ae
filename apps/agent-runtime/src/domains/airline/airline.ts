import { AIRLINE_STORE, changedAmong, listOverlaid, loadWorld, readWorld } from "@signalbox/db/prisma";
import { callInWorld } from "../callInWorld.ts";
import type { Domain } from "../domain.ts";
import { drawFrom } from "../scenario.ts";
import { CUES } from "./cues.ts";
import { PLANS } from "./plans/plans.ts";
import { SCENARIOS } from "./scenarios/scenarios.ts";
import { findSlots } from "./slots.ts";
import { dataHash } from "./tools/dataHash.ts";
import { definitionsOf } from "./tools/definitions.ts";
import { runTool } from "./tools/runTool.ts";
import type { Tool } from "./tools/tool.ts";
import { airlineTools } from "./tools/tools.ts";
import { keepWorldTexts } from "./tools/worldTexts.ts";
import { DEMO_WORLD, demoWorld } from "./world/demoWorld.ts";

/** An airline's customer service with the given tools in place of τ-bench's. */
export function airlineWith(tools: readonly Tool[]): Domain {
  return {
    name: "airline",
    cues: CUES,
    plans: PLANS,
    findSlots,
    tools: definitionsOf(tools),
    openTools(prisma) {
      const worldText = keepWorldTexts((world) => readWorld(prisma, world));
      return {
        call: callInWorld(prisma, AIRLINE_STORE, async (reader, call) => {
          const { outcome, endsEpisode, writes } = await runTool(tools, reader, call);
          return { answer: { output: outcome.output, isError: outcome.kind === "refusal", endsEpisode }, writes };
        }),
        async state(scene) {
          const world = await worldText(scene.world);
          const changed = changedAmong(await listOverlaid(prisma, scene));
          return {
            changed: Object.fromEntries(changed.map(({ table, id, text }) => [`${table}/${id}`, text])),
            dataHash: dataHash(world, changed),
          };
        },
      };
    },
    openDemo() {
      const data = demoWorld();
      return {
        world: DEMO_WORLD,
        series: "demo-task",
        load: (prisma) => loadWorld(prisma, DEMO_WORLD, data),
        draw: drawFrom(SCENARIOS, data),
      };
    },
  };
}

/** An airline's customer service with the tools of τ-bench. */
export const AIRLINE: Domain = airlineWith(airlineTools);
