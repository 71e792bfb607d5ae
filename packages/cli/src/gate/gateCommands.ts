import type { Command } from "commander";
import { acts, type CommandContext } from "../commandLine/acts.ts";
import { addVerb } from "../commandLine/verb.ts";

/** `signalbox gate …` */
export function addGateCommands(program: Command, context: CommandContext): void {
  const gates = program.command("gate").description("Decide whether a version may serve, by a policy with stated error rates");
  addVerb(gates, {
    usage: "lint <policy>",
    summary: "Check a policy, and say on which line what is wrong",
    example: "./signalbox gate lint gate.yaml",
  }).action(acts(async () => (await import("./lintVerb.ts")).lint, context));
  addVerb(gates, {
    usage: "schema",
    summary: "Print the JSON Schema of policies, for editors",
    example: "./signalbox gate schema > gate-policy.schema.json",
  }).action(acts(async () => (await import("./schemaVerb.ts")).schema, context));
}
