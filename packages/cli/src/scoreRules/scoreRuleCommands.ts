import { DEFAULT_PROJECT } from "@signalbox/model";
import type { Command } from "commander";
import { type CommandContext, lazyAction } from "../commandLine/lazyAction.ts";
import { addVerb, share, wholeNumber } from "../commandLine/verb.ts";

const PROJECT = ["--project <name>", "whose traces", DEFAULT_PROJECT] as const;

const perHour = (text: string): number | null => (text === "any" ? null : wholeNumber(1, 1_000_000)(text));

/** `signalbox score-rule …` */
export function addScoreRuleCommands(program: Command, context: CommandContext): void {
  const rules = program.command("score-rule").description("Score traces as they end, by rules, with a ledger of what became of each");
  const ruleVerbs = () => import("./scoreRuleVerbs.ts");
  addVerb(rules, {
    usage: "list",
    summary: "Show a project's rules, and how many of the last day's traces each has scored, sampled out, failed, or lets wait",
    example: "./signalbox score-rule list --project shop",
  })
    .option(...PROJECT)
    .action(lazyAction(async () => (await ruleVerbs()).scoreRuleList, context));
  addVerb(rules, {
    usage: "show <name>",
    summary: "Show a rule: what it scores, how far its judges are to be believed, what became of its traces and why, what its judges took",
    example: "./signalbox score-rule show helpful --hours 48",
  })
    .option(...PROJECT)
    .option("--hours <n>", "traces that were seen to be over so many hours ago at most (default: 24)", wholeNumber(1, 720))
    .action(lazyAction(async () => (await import("./showVerb.ts")).scoreRuleShow, context));
  addVerb(rules, {
    usage: "set <name>",
    summary: "Make a rule, or change the one of that name: what is not said stays, and what changes makes a new version",
    example: `./signalbox score-rule set helpful --scorers judge:helpful.yaml --filter '{"only":{"service":["support"]}}' --share 0.1`,
  })
    .option(...PROJECT)
    .option("--scorers <scorer...>", "who judges, as in `eval run`: none that needs to know what would be right")
    .option("--filter <json>", "which traces, as the console's list is filtered (default: all)")
    .option("--share <n>", "how much of them, from 0 to 1 (default: 1)", share)
    .option("--wait <seconds>", "a trace is over when nothing of it has come for so long (default: 15)", wholeNumber(5, 3_600))
    .option("--per-hour <n>", 'how many traces are scored an hour at most, or "any": the others wait (default: any)', perHour)
    .option("--enable", "let it work again")
    .option("--disable", "let what it would score wait")
    .action(lazyAction(async () => (await ruleVerbs()).scoreRuleSet, context));
  addVerb(rules, {
    usage: "remove <name>",
    summary: "Remove a rule: what it has scored stays, and what waits for it has failed",
    example: "./signalbox score-rule remove helpful",
  })
    .option(...PROJECT)
    .action(lazyAction(async () => (await ruleVerbs()).scoreRuleRemove, context));
  addVerb(rules, {
    usage: "backfill <name>",
    summary: "Let a rule score traces that are stored already; those that it has seen stay as they are",
    example: "./signalbox score-rule backfill helpful --hours 48",
  })
    .option(...PROJECT)
    .option("--hours <n>", "those that began so many hours ago at most (default: 24)", wholeNumber(1, 10_000))
    .action(lazyAction(async () => (await ruleVerbs()).scoreRuleBackfill, context));
}
