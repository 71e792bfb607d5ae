import { type Command, Option } from "commander";
import { wholeNumber } from "../../commandLine/verb.ts";
import { dialectNames } from "../../loadgen/loadgenOptions.ts";
import { SPAN_DIALECT_NAMES } from "../../loadgen/spans/spanDialects.ts";

/** The flags of `signalbox bench ingest`. */
export function withBenchIngestOptions(command: Command): Command {
  return command
    .option("--seconds <n>", "how long to send at full load", wholeNumber(1, 86_400), 30)
    .option("--heavy", "only spans with two kilobytes of messages")
    .option("--light", "only spans without messages")
    .option("--text-index", "with messages searchable by word")
    .option("--dialects <names>", "conventions that the traces speak in turn", dialectNames, SPAN_DIALECT_NAMES)
    .option("--connections <n>", "requests under way at once", wholeNumber(1, 1_024), 32)
    .addOption(
      new Option(
        "--chaos",
        "kill collector and store again and again instead, and compare every span with what was acknowledged",
      ).conflicts(["heavy", "light", "textIndex"]),
    )
    .option("--kills <n>", "of --chaos", wholeNumber(1, 100_000), 100)
    .option("--spans <n>", "of --chaos", wholeNumber(1_000, 100_000_000), 1_000_000)
    .option("--kill-every <seconds>", "of --chaos, on average", wholeNumber(1, 3_600), 4)
    .option("--down-seconds <n>", "of --chaos: how long the store is out of reach, once", wholeNumber(0, 3_600), 60)
    .option("--seed <n>", "of --chaos: the same seed does the same (default: a new one)", wholeNumber(0, 2 ** 32 - 1));
}
