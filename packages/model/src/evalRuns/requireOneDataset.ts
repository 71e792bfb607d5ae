import { AppError } from "../errors/errors.ts";
import type { EvalRun } from "./evalRun.ts";

const nameOf = (dataset: string): string => dataset.replace(/@[^@]*$/, "");

/**
 * Throws `invalid_input` unless all runs are of one dataset, in any of its versions: items of different datasets share ids only by chance.
 */
export function requireOneDataset(runs: readonly Pick<EvalRun, "name" | "dataset" | "datasetHash">[]): void {
  const [first] = runs;
  const other = runs.find((run) => run.datasetHash !== first?.datasetHash && nameOf(run.dataset) !== nameOf(first?.dataset ?? ""));
  if (first === undefined || other === undefined) return;
  throw new AppError("invalid_input", `${other.name} is a run of ${other.dataset}, and ${first.name} one of ${first.dataset}.`, {
    hint: "Compare runs of the same dataset.",
  });
}
