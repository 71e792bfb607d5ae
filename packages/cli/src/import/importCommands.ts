import { type Command, Option } from "commander";
import { acts, type CommandContext } from "../commandLine/acts.ts";
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
    .action(acts(async () => (await import("./importTauBench.ts")).importTauBench, context));
}
