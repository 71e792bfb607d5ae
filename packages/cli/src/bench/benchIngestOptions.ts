import type { Command } from "commander";
import { wholeNumber } from "../commandLine/verb.ts";
import { dialectNames } from "../loadgen/loadgenOptions.ts";
import { SPAN_DIALECT_NAMES } from "../loadgen/spanDialects.ts";

/** The flags of `signalbox bench ingest`. */
export function withBenchIngestOptions(command: Command): Command {
  return command
    .option("--seconds <n>", "how long to send at full load", wholeNumber(1, 86_400), 30)
    .option("--heavy", "only spans with two kilobytes of messages")
    .option("--light", "only spans without messages")
    .option("--text-index", "with messages searchable by word")
    .option("--dialects <names>", "conventions that the traces speak in turn", dialectNames, SPAN_DIALECT_NAMES)
    .option("--connections <n>", "requests under way at once", wholeNumber(1, 1_024), 32);
}
