import { answer, defineTool } from "./tool.ts";

/** Hands the conversation over to a person, which ends it. */
export const transferToHumanAgents = defineTool({
  name: "transfer_to_human_agents",
  parameters: ["summary"],
  endsEpisode: true,
  run: () => answer("Transfer successful"),
});
