import { answer, defineTool } from "./tool.ts";

/** Lets the agent write down a thought; nothing comes of it. */
export const think = defineTool({ name: "think", parameters: ["thought"], run: () => answer("") });
