import { answer, defineTool } from "./tool.ts";

/** Lets the agent write down a thought; it has no effect. */
export const think = defineTool({ name: "think", parameters: ["thought"], run: () => answer("") });
