import type { Command } from "commander";
import { type CommandContext, lazyAction } from "../commandLine/lazyAction.ts";
import { addVerb, wholeNumber } from "../commandLine/verb.ts";
import { withBenchChaosOptions } from "./chaos/benchChaosOptions.ts";
import { withBenchEvalsOptions } from "./evals/benchEvalsOptions.ts";
import { withBenchIngestOptions } from "./ingest/benchIngestOptions.ts";
import { withBenchIntentsOptions } from "./intents/benchIntentsOptions.ts";
import { withBenchMemoryOptions } from "./memory/benchMemoryOptions.ts";
import { withBenchQueryOptions } from "./query/benchQueryOptions.ts";
import { withBenchRolloutsOptions } from "./rollouts/benchRolloutsOptions.ts";
import { withBenchRuntimeOptions } from "./runtime/benchRuntimeOptions.ts";

/** `signalbox bench …` */
export function addBenchCommands(program: Command, context: CommandContext): void {
  const benches = program.command("bench").description("Measure this machine, self-contained: starts what it needs, leaves nothing");
  withBenchChaosOptions(
    addVerb(benches, {
      usage: "chaos",
      summary: "Run tasks while every part and the supervisor are killed at random, and see in the stores whether a promise was broken",
      example: "./signalbox bench chaos --tasks 5000 --json",
    }),
  ).action(lazyAction(async () => (await import("./chaos/benchChaos.ts")).benchChaos, context));
  addVerb(benches, {
    usage: "decisions",
    summary: "Measure how fast the decision log is verified, and whether what is done to it behind its back is found where it is",
    example: "./signalbox bench decisions --events 1000000 --json",
  })
    .option("--events <n>", "how many decisions are stored, in tasks of ten", wholeNumber(1_000, 100_000_000), 1_000_000)
    .action(lazyAction(async () => (await import("./decisions/benchDecisions.ts")).benchDecisions, context));
  withBenchEvalsOptions(
    addVerb(benches, {
      usage: "evals",
      summary:
        "Draw pairs of runs and biased judges by the thousand, and count how often the statistics of evals are wrong; and measure how fast items are scored",
      example: "./signalbox bench evals --json",
    }),
  ).action(lazyAction(async () => (await import("./evals/benchEvals.ts")).benchEvals, context));
  addVerb(benches, {
    usage: "gates",
    summary: "Simulate rollouts by the thousand: how often the live gate errs, how soon it finds what is worse, and how other gates do",
    example: "./signalbox bench gates --sims 2000 --json",
  })
    .option("--sims <n>", "how many rollouts are simulated in each cell of the matrix", wholeNumber(50, 1_000_000), 2_000)
    .option("--seed <n>", "the same seed gives the same figures", wholeNumber(0, 2 ** 20), 1)
    .action(lazyAction(async () => (await import("./gates/benchGates.ts")).benchGates, context));
  withBenchIngestOptions(
    addVerb(benches, {
      usage: "ingest",
      summary: "Measure how fast spans are taken, stored and readable, and compare with what the engine alone can do",
      example: "./signalbox bench ingest --seconds 30 --json",
    }),
  ).action(lazyAction(async () => (await import("./ingest/benchIngest.ts")).benchIngest, context));
  withBenchIntentsOptions(
    addVerb(benches, {
      usage: "intents <data>",
      summary: "Train a model of intents, send labelled rows through the agent as tasks, and score what it understood and planned",
      example: "./signalbox bench intents ./banking77 --test ./banking77/dev.csv --json",
    }),
  ).action(lazyAction(async () => (await import("./intents/benchIntents.ts")).benchIntents, context));
  withBenchQueryOptions(
    addVerb(benches, {
      usage: "query",
      summary: "Measure how fast traces, searches and charts are answered with so many spans stored, idle and while more come in",
      example: "./signalbox bench query --spans 1000000 --json",
    }),
  ).action(lazyAction(async () => (await import("./query/benchQuery.ts")).benchQuery, context));
  withBenchMemoryOptions(
    addVerb(benches, {
      usage: "memory",
      summary: "Measure how much of the truth the vector store finds, and how fast, on made-up vectors or on your own",
      example: "./signalbox bench memory --vectors 20000 --dimensions 256 --json",
    }),
  ).action(lazyAction(async () => (await import("./memory/benchMemory.ts")).benchMemory, context));
  withBenchRolloutsOptions(
    addVerb(benches, {
      usage: "rollouts",
      summary:
        "Roll versions with planted faults, and an equal one, out on live sessions while the controller is killed, and see whether the gate tells them apart",
      example: "./signalbox bench rollouts --faults tool,none --json",
    }),
  ).action(lazyAction(async () => (await import("./rollouts/benchRollouts.ts")).benchRollouts, context));
  withBenchRuntimeOptions(
    addVerb(benches, {
      usage: "runtime",
      summary: "Tasks a minute of the agent runtime, a spike, and what kills leave whole",
      example: "./signalbox bench runtime --seconds 30 --store postgres --json",
    }),
  ).action(lazyAction(async () => (await import("./runtime/benchRuntime.ts")).benchRuntime, context));
  addVerb(benches, {
    usage: "routing",
    summary: "Measure how calls find the endpoints of a service while some of them are slow, dead, or of another kind",
    example: "./signalbox bench routing --json",
  })
    .option("--seed <n>", "the same seed makes the same random choices", wholeNumber(0, 2 ** 32 - 1), 1)
    .action(lazyAction(async () => (await import("./runtime/routing/benchRouting.ts")).benchRouting, context));
}
