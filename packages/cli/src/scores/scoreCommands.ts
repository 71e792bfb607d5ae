import { DEFAULT_PROJECT } from "@signalbox/model";
import type { Command } from "commander";
import { type CommandContext, lazyAction } from "../commandLine/lazyAction.ts";
import { addVerb, each } from "../commandLine/verb.ts";

/** `signalbox score …` */
export function addScoreCommands(program: Command, context: CommandContext): void {
  const scores = program.command("score").description("What rules, judges, people and senders said of traces");
  addVerb(scores, {
    usage: "export <file>",
    summary: "Write the scores and labels of a project's traces to a file, each in its latest version: .jsonl, .csv or .parquet",
    example: "./signalbox score export liked.csv --project shop --name liked --since 7d",
  })
    .option("--project <name>", "whose traces", DEFAULT_PROJECT)
    .option("--name <score>", "the scores of this name alone; may be given more than once", each)
    .option("--since <time>", "those that were given at this time or later (ISO 8601, or a duration back: 90m, 24h, 7d)")
    .option("--before <time>", "those that were given before this time")
    .action(lazyAction(async () => (await import("./scoreExportVerb.ts")).scoreExport, context));
}
