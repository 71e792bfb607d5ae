import { DEFAULT_PROJECT } from "@signalbox/model";
import { type Command, Option } from "commander";
import { type CommandContext, lazyAction } from "../commandLine/lazyAction.ts";
import { addVerb } from "../commandLine/verb.ts";

/** `signalbox import …` */
export function addImportCommands(program: Command, context: CommandContext): void {
  const imports = program
    .command("import")
    .description("Bring recorded work in and run it")
    .addHelpText("after", "\nExample:\n  $ ./signalbox import tau-bench ./tau-bench-airline");
  addVerb(imports, {
    usage: "tau-bench <dir>",
    summary: "Run the recorded conversations of a tau-bench airline folder through the agent, and compare with what was recorded",
    example: "./signalbox import tau-bench ./tau-bench-airline --json",
  })
    .addOption(new Option("--planner <name>", "who plans: the recorded model").choices(["recorded"]).default("recorded"))
    .action(lazyAction(async () => (await import("./importTauBench.ts")).importTauBench, context));
  addVerb(imports, {
    usage: "langsmith-failed <paths...>",
    summary:
      "Send what LangSmith's client could not deliver and kept on disk (LANGSMITH_FAILED_TRACES_DIR); what is not sound becomes dead letters",
    example: "./signalbox import langsmith-failed /var/lib/agent/failed-traces",
  })
    .option("--project <name>", "whose telemetry it is", DEFAULT_PROJECT)
    .option("--endpoint <url>", "the collector to send to (default: the one that runs here)")
    .action(lazyAction(async () => (await import("./langsmithFailed/importLangsmithFailed.ts")).importLangsmithFailed, context));
}
