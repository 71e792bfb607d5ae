import { DEFAULT_PROJECT } from "@signalbox/model";
import type { Command } from "commander";
import { type CommandContext, lazyAction } from "../commandLine/lazyAction.ts";
import { addVerb, wholeNumber } from "../commandLine/verb.ts";
import { withDiscardOptions } from "./discardOptions.ts";
import { withListOptions } from "./listOptions.ts";
import { withReplayOptions } from "./replayOptions.ts";

/** `signalbox dlq …` */
export function addDeadLetterCommands(program: Command, context: CommandContext): void {
  const deadLetters = program
    .command("dlq")
    .description("Dead letters: tasks that were given up, and telemetry that could not be taken in, with their whole history");
  withListOptions(
    addVerb(deadLetters, {
      usage: "list",
      summary: "Show dead letters by how they failed, those that failed alike together; or one by one",
      example: "./signalbox dlq list --cause kills_worker",
    }),
  ).action(lazyAction(async () => (await import("./listVerb.ts")).dlqList, context));
  addVerb(deadLetters, {
    usage: "show <id|fingerprint>",
    summary: "Show a dead letter whole, with its payload, attempts and decisions; or a group, with its latest letters",
    example: "./signalbox dlq show 9f31c2d4a0b17e55",
  })
    .option("--project <name>", "whose dead letters", DEFAULT_PROJECT)
    .action(lazyAction(async () => (await import("./showVerb.ts")).dlqShow, context));
  const redriveVerbs = () => import("./redriveVerbs.ts");
  withReplayOptions(
    addVerb(deadLetters, {
      usage: "replay [ids...]",
      summary: "Put dead letters back in line: some, a group, or what a filter finds; what they did already is not done again",
      example: "./signalbox dlq replay --group 9f31c2d4a0b17e55 --try-first 5 --rate 50 --reason 'the tool is back' --yes 120 --wait",
    }),
  ).action(lazyAction(async () => (await import("./replayVerb.ts")).dlqReplay, context));
  withDiscardOptions(
    addVerb(deadLetters, {
      usage: "discard [ids...]",
      summary: "Give dead letters up for good, for a reason",
      example: "./signalbox dlq discard --text 'overhead bin' --reason 'not our business' --yes 12",
    }),
  ).action(lazyAction(async () => (await import("./discardVerb.ts")).dlqDiscard, context));
  addVerb(deadLetters, {
    usage: "redrives [id]",
    summary: "Show the last redrives, or one with its letters",
    example: "./signalbox dlq redrives",
  })
    .option("--project <name>", "whose redrives", DEFAULT_PROJECT)
    .action(lazyAction(async () => (await redriveVerbs()).dlqRedrives, context));
  for (const [steer, summary] of [
    ["pause", "Put no more letters of a redrive back in line until it is resumed"],
    ["resume", "Let a redrive go on that was paused, or that was stopped because its first letters failed again"],
    ["cancel", "Cancel a redrive: what is back in line runs to its end, what is not is let go"],
  ] as const)
    addVerb(deadLetters, {
      usage: `${steer} <redrive>`,
      summary,
      example: `./signalbox dlq ${steer} 7d3c0c51-58a6-4d51-9a4c-0c8b4d1e2f3a --reason 'the tool is slow'`,
    })
      .option("--project <name>", "whose redrive", DEFAULT_PROJECT)
      .requiredOption("--reason <text>", "why, for the record")
      .action(lazyAction(async () => (await redriveVerbs()).dlqSteer(steer), context));
  addVerb(deadLetters, {
    usage: "audit [subject]",
    summary: "Show who did what about dead letters, and why; with a subject, about one redrive, rule, group or letter",
    example: "./signalbox dlq audit",
  })
    .option("--project <name>", "whose dead letters", DEFAULT_PROJECT)
    .action(lazyAction(async () => (await redriveVerbs()).dlqAudit, context));
  const redriveRules = deadLetters.command("rules").description("By which rules dead letters are redriven without a person");
  const redriveRuleVerbs = () => import("./ruleVerbs.ts");
  addVerb(redriveRules, {
    usage: "list",
    summary: "Show the rules, and how much of their budgets is used",
    example: "./signalbox dlq rules list",
  })
    .option("--project <name>", "whose rules", DEFAULT_PROJECT)
    .action(lazyAction(async () => (await redriveRuleVerbs()).ruleList, context));
  addVerb(redriveRules, {
    usage: "create <name>",
    summary: "Redrive letters of a group, an error class or both, within a budget",
    example: "./signalbox dlq rules create tool-away --error-class upstream_unavailable --max 100 --minutes 10 --reason 'it passes'",
  })
    .option("--project <name>", "whose rule", DEFAULT_PROJECT)
    .option("--group <fingerprint>", "letters of this group")
    .option("--error-class <class>", "letters whose last attempt ended in an error of this class")
    .requiredOption("--max <n>", "how many letters at most in the minutes", wholeNumber(1, 10_000))
    .requiredOption("--minutes <n>", "the length of the budget's window", wholeNumber(1, 10_080))
    .option("--runs <n>", "leave tasks alone that ran more often than so", wholeNumber(1, 100), 2)
    .requiredOption("--reason <text>", "why, for the record")
    .action(lazyAction(async () => (await redriveRuleVerbs()).ruleCreate, context));
  for (const [steer, summary] of [
    ["pause", "Have a rule make no redrives until it is resumed; those that it made go on"],
    ["resume", "Let a rule go on that was paused, with what is left of its budget"],
  ] as const)
    addVerb(redriveRules, { usage: `${steer} <name>`, summary, example: `./signalbox dlq rules ${steer} tool-away --reason 'an outage'` })
      .option("--project <name>", "whose rule", DEFAULT_PROJECT)
      .requiredOption("--reason <text>", "why, for the record")
      .action(lazyAction(async () => (await redriveRuleVerbs()).ruleSteer(steer), context));
  addVerb(redriveRules, {
    usage: "delete <name>",
    summary: "End a rule; redrives that it made go on",
    example: "./signalbox dlq rules delete tool-away --reason 'the tool is fixed'",
  })
    .option("--project <name>", "whose rule", DEFAULT_PROJECT)
    .requiredOption("--reason <text>", "why, for the record")
    .action(lazyAction(async () => (await redriveRuleVerbs()).ruleDelete, context));
}
