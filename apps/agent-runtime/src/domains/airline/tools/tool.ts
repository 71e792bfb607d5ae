import type { World } from "./world.ts";

/** A tool's outcome: an answer, or a refusal without effect. `output` is the text that the agent reads. */
export type ToolOutcome = { readonly kind: "answer"; readonly output: string } | { readonly kind: "refusal"; readonly output: string };

export function answer(output: string): ToolOutcome {
  return { kind: "answer", output };
}

export function refusal(reason: string): ToolOutcome {
  return { kind: "refusal", output: `Error: ${reason}` };
}

/**
 * A tool of the agent. `run` gets exactly its `parameters`, of any type: nothing is validated before. It checks everything before it writes
 * anything; a `PythonError` that it throws becomes its answer and undoes its writes.
 */
export interface Tool {
  readonly name: string;
  readonly parameters: readonly string[];
  /** Whether calling the tool ends the conversation, whatever it answers. */
  readonly endsEpisode: boolean;
  run(world: World, given: Readonly<Record<string, unknown>>): ToolOutcome | Promise<ToolOutcome>;
}

/** Defines a tool whose `run` gets its parameters by name. */
export function defineTool<P extends string>(tool: {
  name: string;
  parameters: readonly P[];
  endsEpisode?: boolean;
  run(world: World, given: Readonly<Record<P, unknown>>): ToolOutcome | Promise<ToolOutcome>;
}): Tool {
  return { endsEpisode: false, ...tool };
}
