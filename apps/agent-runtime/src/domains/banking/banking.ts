import { loadDocuments } from "@signalbox/db/prisma";
import { definitionsOf, openDocumentTools } from "../documents/documentTools.ts";
import type { Domain } from "../domain.ts";
import { drawFrom } from "../scenario.ts";
import { CUES } from "./cues.ts";
import { PLANS } from "./plans/plans.ts";
import { SCENARIOS } from "./scenarios/scenarios.ts";
import { findSlots } from "./slots.ts";
import { bankingTools } from "./tools/tools.ts";
import { DEMO_WORLD, demoWorld, documentsOf } from "./world/demoWorld.ts";

/** A bank's customer service. */
export const BANKING: Domain = {
  name: "banking",
  cues: CUES,
  plans: PLANS,
  findSlots,
  tools: definitionsOf(bankingTools),
  openTools: openDocumentTools(bankingTools),
  openDemo() {
    const data = demoWorld();
    return {
      world: DEMO_WORLD,
      series: "demo-task-banking",
      load: (prisma) => loadDocuments(prisma, { domain: "banking", world: DEMO_WORLD }, documentsOf(data)),
      draw: drawFrom(SCENARIOS, data),
    };
  },
};
