import type { EvalResult, EvalRun } from "@signalbox/model";
import { writeWholeFile } from "../commandLine/wholeFile.ts";

/**
 * The first line of a result file: the dataset, the metadata key of dependent items, and the agent
 * version, null for another target. Like the other lines it is the same for every run of one plan.
 */
function headOf({ dataset, datasetHash, unitKey, target }: EvalRun): string {
  return `${JSON.stringify({ dataset, datasetHash, unitKey, agent: /^agent(@|$)/.test(target) ? target : null })}\n`;
}

/**
 * A result's line in a file: only what is equal whenever the same target gives the same answer. Times, latency and trace are in the store.
 */
export function resultLine({ itemId, unit, trial, state, output, error, scores }: EvalResult): string {
  return JSON.stringify({ item: itemId, unit, trial, state, output, error, scores });
}

async function* linesOf(run: EvalRun, results: AsyncIterable<EvalResult>): AsyncGenerator<string> {
  yield headOf(run);
  for await (const result of results) yield `${resultLine(result)}\n`;
}

/**
 * Writes a run's results to a file, one JSON document per line, the first
 * of which describes the run; the file appears completely or not at all.
 */
export async function writeResultFile(path: string, run: EvalRun, results: AsyncIterable<EvalResult>): Promise<void> {
  await writeWholeFile(path, linesOf(run, results));
}
