import { DEFAULT_PROJECT } from "@signalbox/model";
import { Argument, Command, CommanderError, Option } from "commander";
import manifest from "../package.json" with { type: "json" };
import { addAnnotateCommands } from "./annotate/annotateCommands.ts";
import { addBenchCommands } from "./bench/benchCommands.ts";
import { CommandOutput, type Streams } from "./commandLine/commandOutput.ts";
import { EXIT, type ExitCode } from "./commandLine/exitCode.ts";
import { type CommandContext, lazyAction } from "./commandLine/lazyAction.ts";
import { addVerb, wholeNumber } from "./commandLine/verb.ts";
import { addDatasetCommands } from "./datasets/datasetCommands.ts";
import { addDeadLetterCommands } from "./deadLetters/deadLetterCommands.ts";
import { addDecisionCommands } from "./decisions/decisionCommands.ts";
import { addEvalCommands } from "./eval/evalCommands.ts";
import { addGateCommands } from "./gate/gateCommands.ts";
import { addImportCommands } from "./import/importCommands.ts";
import { addJudgeCommands } from "./judge/judgeCommands.ts";
import { addKnowledgeCommands } from "./knowledge/knowledgeCommands.ts";
import { withLoadgenOptions } from "./loadgen/loadgenOptions.ts";
import { addKeyCommands } from "./projects/keyCommands.ts";
import { addProjectCommands } from "./projects/projectCommands.ts";
import { addQueueCommands } from "./queue/queueCommands.ts";
import { addReplayCommands } from "./replay/replayCommands.ts";
import { addRolloutCommands } from "./rollout/rolloutCommands.ts";
import { addScoreRuleCommands } from "./scoreRules/scoreRuleCommands.ts";
import { addScoreCommands } from "./scores/scoreCommands.ts";
import { COPIES_MAX } from "./supervisor/parts/topology.ts";
import { addTrainCommands } from "./train/trainCommands.ts";
import { addRouteCommands } from "./versions/routeCommands.ts";
import { addVersionCommands } from "./versions/versionCommands.ts";

/** The most demo tasks one start may ask for. */
const DEMO_TASKS_MAX = 10_000;

/** The program with all commands of `signalbox`. */
export function signalboxProgram(context: CommandContext): Command {
  const program = new Command("signalbox")
    .description("The control plane for AI agents in production: run, watch, score, gate, replay.")
    .version(manifest.version, "--version", "print the version")
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: (text) => context.output.help(text), outputError: () => {} })
    .addHelpText(
      "after",
      "\nExample:\n  $ ./signalbox up\n\nExit codes: 0 pass · 1 the check failed · 2 usage · 3 inconclusive · 4 infrastructure",
    );

  program.commandsGroup("Start:");
  addVerb(program, {
    usage: "up",
    summary: "Start every part, keep them running, stop them on Ctrl-C",
    example: "./signalbox up --port-offset 100",
  })
    .option("--no-demo", "do not run the demo's tasks")
    .option("--demo-tasks <n>", "how many tasks the demo runs", wholeNumber(1, DEMO_TASKS_MAX))
    .addOption(
      new Option(
        "--topology <kind>",
        "prototype: the agent's services run in its worker; staging: several copies of each in processes of their own (default: SIGNALBOX_TOPOLOGY, else prototype)",
      ).choices(["prototype", "staging"]),
    )
    .option("--copies <n>", "how many copies in staging (default: SIGNALBOX_COPIES, else 2)", wholeNumber(1, COPIES_MAX))
    .action(lazyAction(async () => (await import("./up/up.ts")).up, context));

  addVerb(program, {
    usage: "roll",
    summary: "Replace what runs in copies by new processes, one by one, so that nobody is refused: after the code has changed",
    example: "./signalbox roll",
  }).action(lazyAction(async () => (await import("./up/roll.ts")).roll, context));

  addVerb(program, {
    usage: "status",
    summary: "Ask every part whether it works, and add up what became of the last hour's records",
    example: "./signalbox status --json",
  }).action(lazyAction(async () => (await import("./status/status.ts")).status, context));

  addVerb(program, {
    usage: "doctor",
    summary: "Check whether this machine can run Signalbox, and say what to do",
    example: "./signalbox doctor",
  }).action(lazyAction(async () => (await import("./doctor/doctor.ts")).doctor, context));

  program.commandsGroup("Run agents:");
  addQueueCommands(program, context);
  addVersionCommands(program, context);
  addRouteCommands(program, context);
  addKnowledgeCommands(program, context);
  addTrainCommands(program, context);
  addImportCommands(program, context);

  program.commandsGroup("Score:");
  addDatasetCommands(program, context);
  addEvalCommands(program, context);
  addScoreCommands(program, context);
  addScoreRuleCommands(program, context);
  addJudgeCommands(program, context);
  addAnnotateCommands(program, context);

  program.commandsGroup("Gate:");
  addGateCommands(program, context);
  addRolloutCommands(program, context);

  program.commandsGroup("Replay:");
  addDeadLetterCommands(program, context);
  addReplayCommands(program, context);
  addDecisionCommands(program, context);

  program.commandsGroup("Keep:");
  addProjectCommands(program, context);
  addKeyCommands(program, context);
  addVerb(program, {
    usage: "backup <folder>",
    summary: "Write everything that both stores hold into a new folder, while Signalbox runs",
    example: "./signalbox backup /backups/2026-11-26",
  }).action(lazyAction(async () => (await import("./backup/backupVerb.ts")).backup, context));
  addVerb(program, {
    usage: "restore <folder>",
    summary: "Check a backup and load it into an empty data folder",
    example: "./signalbox restore /backups/2026-11-26 --data-dir ./restored",
  }).action(lazyAction(async () => (await import("./backup/restoreVerb.ts")).restore, context));

  addVerb(program, {
    usage: "erase",
    summary: "Erase the telemetry of one trace, user or session for good: every trace in which it is named, whole",
    example: "./signalbox erase --project shop --user ann@example.org --dry-run",
  })
    .option("--project <name>", "the project to look in", DEFAULT_PROJECT)
    .option("--trace <id>", "the trace, as 32 hex digits")
    .option("--user <id>", "every trace of a user, as senders name it")
    .option("--session <id>", "every trace of a session")
    .option("--dry-run", "show what would go, and change nothing")
    .action(lazyAction(async () => (await import("./erase/eraseVerb.ts")).erase, context));
  addVerb(program, {
    usage: "text-index",
    summary: "Make messages searchable by word without reading them, at the price of half as much disk again; or stop it",
    example: "./signalbox text-index on",
  })
    .addArgument(new Argument("<act>", "what to do").choices(["on", "off", "show"]))
    .action(lazyAction(async () => (await import("./textIndex/textIndexVerb.ts")).textIndex, context));

  program.commandsGroup("Measure:");
  addBenchCommands(program, context);
  withLoadgenOptions(
    addVerb(program, {
      usage: "loadgen",
      summary: "Send spans to any OpenTelemetry back end, as fast as it takes them or at a rate, and say how it did",
      example: "./signalbox loadgen --endpoint http://127.0.0.1:4318 --rate 5000 --duration 30 --json",
    }),
  ).action(lazyAction(async () => (await import("./loadgen/loadgen.ts")).loadgen, context));

  return program;
}

/** Runs one command line and returns its exit code. Failures have been reported by then; it never throws. */
export async function runCommandLine(args: readonly string[], streams: Streams, env: NodeJS.ProcessEnv): Promise<ExitCode> {
  const output = new CommandOutput(streams, { json: args.includes("--json"), verbose: args.includes("--verbose") });
  let exitCode: ExitCode = EXIT.pass;
  const finish = (code: ExitCode): void => {
    exitCode = code;
  };
  try {
    await signalboxProgram({ output, env, finish }).parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.pass;
    if (error instanceof CommanderError && error.code === "commander.help") return EXIT.usage;
    return output.failure(error).exitCode;
  }
}
