import { DEFAULT_PROJECT } from "@signalbox/model";
import type { Command } from "commander";
import { each } from "../commandLine/verb.ts";

/** Adds the options of `signalbox replay`. */
export function withTaskReplayOptions(verb: Command): Command {
  return verb
    .option("--against <version>", "the version of the agent runtime to run (default: the one that ran)")
    .option(
      "--set <name=file>",
      "tool.NAME=FILE: the answers that a tool gives instead of those on record; may be given more than once",
      each,
    )
    .option("--group <fingerprint>", "all dead letters of a group instead of one task")
    .option("--since <time>", "all tasks that were asked for from this time on (ISO 8601)")
    .option("--until <time>", "and before this one (default: now)")
    .option("--project <name>", "whose tasks, with --since", DEFAULT_PROJECT);
}
