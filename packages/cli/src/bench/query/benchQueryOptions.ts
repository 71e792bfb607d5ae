import type { Command } from "commander";
import { wholeNumber } from "../../commandLine/verb.ts";

/** The flags of `signalbox bench query`. */
export function withBenchQueryOptions(command: Command): Command {
  return command
    .option("--spans <n>", "how many spans are stored", wholeNumber(20_000, 1_000_000_000), 1_000_000)
    .option("--text-index", "with messages searchable by word")
    .option("--runs <n>", "how often each query is asked, idle and while spans come in", wholeNumber(1, 10_000), 40)
    .option("--seed <n>", "the same seed stores the same spans", wholeNumber(0, 2 ** 32 - 1), 1);
}
