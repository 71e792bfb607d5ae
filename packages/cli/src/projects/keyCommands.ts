import { DEFAULT_PROJECT, KEY_KINDS, KEY_SCOPES } from "@signalbox/model";
import { type Command, Option } from "commander";
import { type CommandContext, lazyAction } from "../commandLine/lazyAction.ts";
import { addVerb, eachOf, wholeNumber } from "../commandLine/verb.ts";

/** `signalbox key …` */
export function addKeyCommands(program: Command, context: CommandContext): void {
  const keys = program.command("key").description("What opens a project to a program");
  addVerb(keys, {
    usage: "create <name>",
    summary: "Make a key and show its secret, this once",
    example: "./signalbox key create ci --project shop --scope ingest",
  })
    .option("--project <name>", "the project that it opens", DEFAULT_PROJECT)
    .addOption(
      new Option("--kind <kind>", "one secret; a public and a secret key (Langfuse); a UUID (AgentOps)")
        .choices(KEY_KINDS)
        .default("token"),
    )
    .option(`--scope <${KEY_SCOPES.join("|")}>`, "what it allows; may be given more than once (default: ingest)", eachOf(KEY_SCOPES))
    .option("--requests-per-minute <n>", "how often it may be used (default: no limit)", wholeNumber(1, 1_000_000))
    .option("--expires-in-days <n>", "after how many days it is refused (default: never)", wholeNumber(1, 3_650))
    .action(lazyAction(async () => (await import("./keyVerbs.ts")).keyCreate, context));
  addVerb(keys, { usage: "list", summary: "Show a project's keys, without their secrets", example: "./signalbox key list --project shop" })
    .option("--project <name>", "whose keys", DEFAULT_PROJECT)
    .action(lazyAction(async () => (await import("./keyVerbs.ts")).keyList, context));
  addVerb(keys, {
    usage: "revoke <id>",
    summary: "Make a key worthless for good",
    example: "./signalbox key revoke 7d3c0c51-58a6-4d51-9a4c-0c8b4d1e2f3a",
  }).action(lazyAction(async () => (await import("./keyVerbs.ts")).keyRevoke, context));
}
