import type { Command } from "commander";
import { acts, type CommandContext } from "../commandLine/acts.ts";
import { addVerb, each, number, wholeNumber } from "../commandLine/verb.ts";

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
  withSimulateOptions(
    addVerb(gates, {
      usage: "simulate",
      summary: "Say after how many units a policy finds a drop with your traffic, and what it does to a candidate that is equal",
      example: "./signalbox gate simulate --policy gate.yaml --per-hour 1200 --mean task_success=0.85 --drop 0.05",
    }),
  ).action(acts(async () => (await import("./simulateVerb.ts")).simulate, context));
}

/** The flags of `signalbox gate simulate`. */
function withSimulateOptions(command: Command): Command {
  return command
    .requiredOption("--policy <file>", "the policy")
    .requiredOption(
      "--per-hour <n>",
      "how many units (sessions or users) come in an hour, both versions together",
      wholeNumber(1, 100_000_000),
    )
    .option("--metric <name>", "what gets worse (default: the first guardrail)")
    .option("--drop <amount>", "by how much, in the metric's own units: 0.05 is five points (default: its margin)", number)
    .option("--mean <metric=value>", "what the stable version does; may be given more than once", each, [])
    .option("--hours <n>", "give a rollout up after so many hours", wholeNumber(1, 10_000), 168)
    .option("--sims <n>", "how many rollouts are simulated of each candidate", wholeNumber(20, 100_000), 300)
    .option("--seed <n>", "the same seed gives the same answer", wholeNumber(0, 2 ** 31 - 1), 1);
}
