import { z } from "zod";
import { answer } from "../../documents/documentTool.ts";
import { defineTool } from "./defineTool.ts";

/** Hands the customer over to a person, which ends the conversation. */
export const transferToHumanAgents = defineTool({
  name: "transfer_to_human_agents",
  description: "Hands the conversation over to a person, which ends it. For what the rules or the tools do not allow.",
  arguments: { summary: z.string().describe("What the customer wants, and what was done so far.") },
  endsEpisode: true,
  run: () => answer("Transfer successful"),
});
