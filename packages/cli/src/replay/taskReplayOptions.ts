import { DEFAULT_PROJECT } from "@signalbox/model";
import { type Command, Option } from "commander";
import { each, wholeNumber } from "../commandLine/verb.ts";

/** Adds the options of `signalbox replay`. */
export function withTaskReplayOptions(verb: Command): Command {
  return verb
    .addOption(
      new Option(
        "--mode <mode>",
        "recorded: everything comes from the record, nothing leaves; live: everything happens anew, in a scene of its own",
      )
        .choices(["recorded", "live"])
        .default("recorded"),
    )
    .option("--from <step>", "live from this step on, everything before it as recorded", wholeNumber(1, 1_000_000))
    .option("--against <version>", "the version of the agent runtime to run (default: the one that ran)")
    .option("--set <name=value>", "prompt=FILE, model=NAME or tool.NAME=FILE (its answers); may be given more than once", each)
    .option("--allow-effects", "let a live part call tools that work outside our stores (MCP servers)")
    .option("--group <fingerprint>", "all dead letters of a group instead of one task")
    .option("--since <time>", "all tasks that were asked for from this time on (ISO 8601)")
    .option("--until <time>", "and before this one (default: now)")
    .option("--project <name>", "whose tasks, with --since", DEFAULT_PROJECT);
}
