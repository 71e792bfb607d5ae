import type { Command } from "commander";
import { wholeNumber } from "../../commandLine/verb.ts";

/** The flags of `signalbox bench memory`. */
export function withBenchMemoryOptions(command: Command): Command {
  return command
    .option("--vectors <n>", "how many made-up vectors are stored", wholeNumber(100, 10_000_000), 20_000)
    .option("--dimensions <n>", "how many dimensions they have", wholeNumber(2, 8_192), 256)
    .option("--queries <n>", "how many searches are measured", wholeNumber(10, 1_000_000), 1_000)
    .option(
      "--file <path>",
      "your own vectors instead (.jsonl: an array of numbers, or an object with vector, a line); some are held out as queries",
    )
    .option("--seed <n>", "the same seed makes the same vectors", wholeNumber(0, 2 ** 31 - 1), 1)
    .addHelpText(
      "after",
      "\nMeasures the vector store that SIGNALBOX_VECTOR_STORE names (docs/guides/knowledge.md), the embedded one unless it is set.",
    );
}
