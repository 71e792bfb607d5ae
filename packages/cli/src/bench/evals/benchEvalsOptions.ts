import { type Command, Option } from "commander";
import { wholeNumber } from "../../commandLine/verb.ts";

/** The parts of `bench evals`. */
export const EVAL_BENCH_PARTS = ["comparisons", "judge", "scoring"] as const;
export type EvalBenchPart = (typeof EVAL_BENCH_PARTS)[number];

/** The flags of `signalbox bench evals`. */
export function withBenchEvalsOptions(command: Command): Command {
  return command
    .addOption(new Option("--part <part>", "only this part").choices(EVAL_BENCH_PARTS))
    .option(
      "--sims <n>",
      "how many pairs of runs are drawn for each cell, and half as many judged runs",
      wholeNumber(100, 1_000_000),
      2_000,
    )
    .option("--resamples <n>", "how many resamples a bootstrap takes", wholeNumber(99, 100_000), 999)
    .option("--items <n>", "how many items are scored", wholeNumber(1_000, 10_000_000), 100_000)
    .option("--seed <n>", "the same seed draws the same", wholeNumber(0, 2 ** 32 - 1), 1);
}
