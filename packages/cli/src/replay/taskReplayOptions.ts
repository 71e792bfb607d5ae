import { DEFAULT_PROJECT } from "@signalbox/model";
import { type Command, Option } from "commander";
import { each } from "../commandLine/verb.ts";

/** Adds the options of `signalbox replay`. */
export function withTaskReplayOptions(verb: Command): Command {
  return verb
    .addOption(
      new Option(
        "--mode <mode>",
        "recorded: all that others answered is taken from the record; live: a worker asks models and runs tools anew",
      )
        .choices(["recorded", "live"])
        .default("recorded"),
    )
    .option("--from <step>", "live: the first step that is done anew; all before it is the record's (default: 1)")
    .option("--against <version>", "the version of the agent to run (default: the one that ran)")
    .option(
      "--set <name=value>",
      "tool.NAME=FILE or JSON: the answers that a tool gives instead; live also prompt=NAME@VERSION or FILE, and model=NAME; may be given more than once",
      each,
    )
    .option("--allow-effects", "live: call tools of MCP servers; without it they answer what is on record, or are refused")
    .option("--reason <text>", "why, for the record: needed with --allow-effects")
    .option("--yes <number>", "with --allow-effects and several tasks: how many they are, that you mean them all")
    .option("--group <fingerprint>", "all dead letters of a group instead of one task")
    .option("--since <time>", "all tasks that were asked for from this time on (ISO 8601)")
    .option("--until <time>", "and before this one (default: now)")
    .option("--fail-on-change", "exit with 1 if a task ends otherwise, with 3 if a replay was stopped before its end, and only then")
    .option("--results <file>", "many tasks: write what each came to as a run for `gate check --candidate`")
    .option("--recorded-results <file>", "and what is on record of them, for its --baseline")
    .option("--project <name>", "whose tasks", DEFAULT_PROJECT);
}
