import type { World } from "./world.ts";

/** What a tool says: an answer, or why it did nothing. `output` is the text that the agent reads. */
export type ToolOutcome = { readonly kind: "answer"; readonly output: string } | { readonly kind: "refusal"; readonly output: string };

export function answer(output: string): ToolOutcome {
  return { kind: "answer", output };
}

export function refusal(reason: string): ToolOutcome {
  return { kind: "refusal", output: `Error: ${reason}` };
}

/**
 * A tool of the agent. `run` is given exactly its `parameters`, of any type: nothing is validated before.
 * It checks everything before it puts anything; what it throws as a `PythonError` becomes its answer and undoes what it put.
 */
export interface Tool {
  readonly name: string;
  readonly parameters: readonly string[];
  /** Whether the conversation is over once the tool has been called, whatever it answers. */
  readonly endsEpisode: boolean;
  run(world: World, given: Readonly<Record<string, unknown>>): ToolOutcome | Promise<ToolOutcome>;
}

/** A tool whose `run` knows its parameters by name. */
export function defineTool<P extends string>(tool: {
  name: string;
  parameters: readonly P[];
  endsEpisode?: boolean;
  run(world: World, given: Readonly<Record<P, unknown>>): ToolOutcome | Promise<ToolOutcome>;
}): Tool {
  return { endsEpisode: false, ...tool };
}
