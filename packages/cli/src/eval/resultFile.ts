import type { EvalResult, EvalRun } from "@signalbox/model";
import { writeWholeFile } from "../commandLine/wholeFile.ts";

/**
 * The first line of a result file: what was asked about, what its items share that are not independent, and which version
 * of the agent answered, null where it was something else. Like the other lines it is the same for every run of one plan.
 */
function headOf({ dataset, datasetHash, unitKey, target }: EvalRun): string {
  return `${JSON.stringify({ dataset, datasetHash, unitKey, agent: /^agent(@|$)/.test(target) ? target : null })}\n`;
}

/**
 * A result as it stands in a file: what is the same whenever the same target says
 * the same. When and how fast it was, and under which trace, is in the store.
 */
export function resultLine({ itemId, unit, trial, state, output, error, scores }: EvalResult): string {
  return JSON.stringify({ item: itemId, unit, trial, state, output, error, scores });
}

async function* linesOf(run: EvalRun, results: AsyncIterable<EvalResult>): AsyncGenerator<string> {
  yield headOf(run);
  for await (const result of results) yield `${resultLine(result)}\n`;
}

/**
 * Writes a run's results to a file, one JSON document a line, the first of what they are results of; the file is there whole or not at all.
 */
export async function writeResultFile(path: string, run: EvalRun, results: AsyncIterable<EvalResult>): Promise<void> {
  await writeWholeFile(path, linesOf(run, results));
}
