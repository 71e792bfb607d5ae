import { DEFAULT_PROJECT } from "@signalbox/model";
import { type Command, Option } from "commander";
import { type CommandContext, lazyAction } from "../commandLine/lazyAction.ts";
import { addVerb, each } from "../commandLine/verb.ts";

/** `signalbox version …` */
export function addVersionCommands(program: Command, context: CommandContext): void {
  const versions = program.command("version").description("The versions of the agent: its code, who plans, models, prompts and tools");
  const versionVerbs = () => import("./versionVerbs.ts");
  addVerb(versions, { usage: "list", summary: "Show every version, the latest first", example: "./signalbox version list" }).action(
    lazyAction(async () => (await versionVerbs()).versionList, context),
  );
  addVerb(versions, {
    usage: "show <version>",
    summary: "Show what a version is, and how it differs from a project's stable one",
    example: "./signalbox version show 0.1.0+3fa8c1d2",
  })
    .option("--project <name>", "whose stable version", DEFAULT_PROJECT)
    .action(lazyAction(async () => (await versionVerbs()).versionShow, context));
  addVerb(versions, {
    usage: "diff <before> <after>",
    summary: "Show what two versions differ in",
    example: "./signalbox version diff 0.1.0+3fa8c1d2 0.1.0+90b1e7aa",
  }).action(lazyAction(async () => (await versionVerbs()).versionDiff, context));
  addVerb(versions, {
    usage: "derive <version>",
    summary: "Make another version of it that the same workers serve: with another planner, model or prompt",
    example: "./signalbox version derive 0.1.0+3fa8c1d2 --planner llm --prompt airline=support@1",
  })
    .addOption(new Option("--planner <kind>", "who plans the tasks that name nobody").choices(["rules", "llm", "person"]))
    .option("--model <name>", "the model that is asked")
    .option("--prompt <domain=name@version>", "what it is told in a domain; may be given more than once", each)
    .action(lazyAction(async () => (await versionVerbs()).versionDerive, context));
}
