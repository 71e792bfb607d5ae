import type { AirlineReader, AirlineWrite, ToolRequest } from "@signalbox/model";
import { PythonError } from "./python/pythonValue.ts";
import { refusal, type Tool, type ToolOutcome } from "./tool.ts";
import { openWorld } from "./world.ts";

/** The result of a call: its outcome, and the documents to store with it. */
export interface FinishedCall {
  readonly outcome: ToolOutcome;
  readonly endsEpisode: boolean;
  readonly writes: readonly AirlineWrite[];
}

/** `book_reservation` → `BookReservation.invoke()`: Python's name for the called function. */
function functionName(tool: Tool): string {
  const words = tool.name.split("_").map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join("")}.invoke()`;
}

/** `'a'`, `'a' and 'b'`, `'a', 'b', and 'c'`. */
function listed(names: readonly string[]): string {
  const quoted = names.map((name) => `'${name}'`);
  const last = quoted.pop() ?? "";
  if (quoted.length < 2) return [...quoted, last].join(" and ");
  return `${quoted.join(", ")}, and ${last}`;
}

function checkArguments(tool: Tool, given: ToolRequest["arguments"]): void {
  const extra = Object.keys(given).find((name) => !tool.parameters.includes(name));
  if (extra !== undefined) throw new PythonError(`${functionName(tool)} got an unexpected keyword argument '${extra}'`);

  const missing = tool.parameters.filter((name) => !Object.hasOwn(given, name));
  if (missing.length === 0) return;
  const noun = missing.length === 1 ? "argument" : "arguments";
  throw new PythonError(`${functionName(tool)} missing ${missing.length} required positional ${noun}: ${listed(missing)}`);
}

/** Runs one call on the data that `reader` gives. A refusal leaves no writes; it rejects only if `reader` fails, or for a bug of ours. */
export async function runTool(tools: readonly Tool[], reader: AirlineReader, call: ToolRequest): Promise<FinishedCall> {
  const tool = tools.find(({ name }) => name === call.name);
  if (tool === undefined) return { outcome: { kind: "refusal", output: `Unknown action ${call.name}` }, endsEpisode: false, writes: [] };

  const world = openWorld(reader);
  try {
    checkArguments(tool, call.arguments);
    const outcome = await tool.run(world, call.arguments);
    return { outcome, endsEpisode: tool.endsEpisode, writes: outcome.kind === "answer" ? world.writes() : [] };
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    return { outcome: refusal(error.message), endsEpisode: tool.endsEpisode, writes: [] };
  }
}
