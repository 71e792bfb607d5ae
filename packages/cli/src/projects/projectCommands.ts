import { BUILT_IN_NAMES, RETENTION_DAYS_MAX } from "@signalbox/model";
import type { Command } from "commander";
import { type CommandContext, lazyAction } from "../commandLine/lazyAction.ts";
import { addVerb, each, eachOf, number, wholeNumber } from "../commandLine/verb.ts";

/** `signalbox project …` */
export function addProjectCommands(program: Command, context: CommandContext): void {
  const projects = program.command("project").description("Rooms of their own for the telemetry of different products");
  addVerb(projects, { usage: "list", summary: "Show every project", example: "./signalbox project list" }).action(
    lazyAction(async () => (await import("./projectVerbs.ts")).projectList, context),
  );
  addVerb(projects, {
    usage: "create <name>",
    summary: "Make a project; its name stays for ever",
    example: "./signalbox project create shop --environment production --environment staging",
  })
    .option("--organisation <name>", "who it belongs to; made with it if it is not there (default: default)")
    .option("--environment <name>", "where its agents run; may be given more than once (default: production)", each)
    .action(lazyAction(async () => (await import("./projectVerbs.ts")).projectCreate, context));

  addVerb(projects, {
    usage: "delete <name>",
    summary: "Erase all telemetry of a project for good, with its keys, rules and views",
    example: "./signalbox project delete shop --yes shop",
  })
    .option("--yes <name>", "the project's name again: that you mean it")
    .option("--dry-run", "show what would go, and change nothing")
    .action(lazyAction(async () => (await import("./projectDeleteVerb.ts")).projectDelete, context));

  addVerb(projects, {
    usage: "retention <name>",
    summary: "Keep a project's telemetry for so many days, or for ever",
    example: "./signalbox project retention shop --days 30",
  })
    .option("--days <n>", "how many whole days are kept besides today (UTC)", wholeNumber(1, RETENTION_DAYS_MAX))
    .option("--for-ever", "delete nothing because of its age")
    .action(lazyAction(async () => (await import("./retentionVerb.ts")).projectRetention, context));

  addVerb(projects, {
    usage: "reprice <name>",
    summary:
      "Compute the estimated costs of a project's stored calls again, with the prices of each call's own day; costs that senders reported stay",
    example: "./signalbox project reprice shop --since 2026-11-01 --dry-run",
  })
    .option("--since <day>", "the first day to look at, UTC (default: all)")
    .option("--dry-run", "show what would change, and change nothing")
    .action(lazyAction(async () => (await import("./repriceVerb.ts")).projectReprice, context));

  const rules = projects.command("rules").description("What of a project's telemetry is redacted, and which of its traces are kept");
  const ruleVerbs = () => import("./rulesVerbs.ts");
  addVerb(rules, {
    usage: "show <name>",
    summary: "Show a project's rules, and who changed them",
    example: "./signalbox project rules show shop",
  }).action(lazyAction(async () => (await ruleVerbs()).rulesShow, context));
  addVerb(rules, {
    usage: "set <name>",
    summary: "Change a project's rules: what is not given stays as it is, a list takes the place of the one before",
    example:
      "./signalbox project rules set shop --built-in email --built-in 'credit card' --attribute '*.password' --keep-errors --rest-share 0.05",
  })
    .option("--file <path>", "rules in YAML or JSON; flags count on top of it")
    .option("--built-in <name>", `redact one of: ${BUILT_IN_NAMES.join(", ")}; may be given more than once`, eachOf(BUILT_IN_NAMES))
    .option("--pattern <name=regex>", "redact what a regular expression (RE2) matches; may be given more than once", each)
    .option("--attribute <name>", "redact values by their name, * for any characters; may be given more than once", each)
    .option("--head-share <share>", "how many traces are taken at all, 0 to 1", number)
    .option("--tail", "judge traces when they are over")
    .option("--no-tail", "keep every trace that was taken")
    .option("--keep-errors", "keep traces with an error (the default of --tail)")
    .option("--no-keep-errors", "keep them only for another reason")
    .option("--slower-than-ms <n>", "keep slower traces", number)
    .option("--costlier-than-usd <n>", "keep costlier traces", number)
    .option("--scored-below <n>", "keep traces with a lower score", number)
    .option("--rest-share <share>", "how many traces are kept beside, 0 to 1", number)
    .option("--wait-seconds <n>", "how long nothing of a trace has come when it is over (default: 30)", number)
    .action(lazyAction(async () => (await ruleVerbs()).rulesSet, context));
  addVerb(rules, {
    usage: "clear <name>",
    summary: "Redact nothing and keep every trace",
    example: "./signalbox project rules clear shop",
  }).action(lazyAction(async () => (await ruleVerbs()).rulesClear, context));
  addVerb(rules, {
    usage: "test <name>",
    summary: "Show what the rules make of a text; nothing is stored",
    example: "./signalbox project rules test shop --text 'write to ann@example.org'",
  })
    .requiredOption("--text <text>", "what a sender may write")
    .option("--attribute <name>", "the attribute that it is the value of", "text")
    .option("--file <path>", "try the rules of a file before they are set")
    .action(lazyAction(async () => (await ruleVerbs()).rulesTest, context));
}
