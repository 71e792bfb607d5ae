import { Command, CommanderError, Option } from "commander";
import manifest from "../package.json" with { type: "json" };
import { CommandOutput, type Streams } from "./commandLine/commandOutput.ts";
import { EXIT, type ExitCode } from "./commandLine/exitCode.ts";
import { type Act, addVerb, wholeNumber } from "./commandLine/verb.ts";

/** The most demo tasks one start may ask for. */
const DEMO_TASKS_MAX = 10_000;

/** Lets a verb do its work; `finish` is told the exit code. The work's module is loaded only when its verb is called: the stores' clients take longer to load than `--help` to answer. */
function acts<Flags>(load: () => Promise<Act<Flags>>, context: Context): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command;
    const act = await load();
    const exitCode = await act({ output: context.output, env: context.env, args: command.args, flags: command.opts<Flags & object>() });
    context.finish(exitCode);
  };
}

interface Context {
  output: CommandOutput;
  env: NodeJS.ProcessEnv;
  finish: (exitCode: ExitCode) => void;
}

/** The commands that `signalbox` understands. */
function signalboxProgram(context: Context): Command {
  const program = new Command("signalbox")
    .description("The control plane for AI agents in production: run, watch, score, gate, replay.")
    .version(manifest.version, "--version", "print the version")
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .addHelpText(
      "after",
      "\nExample:\n  $ ./signalbox up\n\nExit codes: 0 pass · 1 the check failed · 2 usage · 3 inconclusive · 4 infrastructure",
    );

  addVerb(program, {
    usage: "up",
    summary: "Start every part, keep them running, stop them on Ctrl-C",
    example: "./signalbox up --port-offset 100",
  })
    .option("--no-demo", "do not run the demo's tasks")
    .option("--demo-tasks <n>", "how many tasks the demo runs", wholeNumber(1, DEMO_TASKS_MAX))
    .action(acts(async () => (await import("./up/up.ts")).up, context));

  addVerb(program, {
    usage: "status",
    summary: "Ask every part whether it works, and compare their counts",
    example: "./signalbox status --json",
  }).action(acts(async () => (await import("./status/status.ts")).status, context));

  addVerb(program, {
    usage: "doctor",
    summary: "Check whether this machine can run Signalbox, and say what to do",
    example: "./signalbox doctor",
  }).action(acts(async () => (await import("./doctor/doctor.ts")).doctor, context));

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
    .action(acts(async () => (await import("./import/importTauBench.ts")).importTauBench, context));
  return program;
}

/** Runs one command line and answers its exit code. Whatever fails has been said by then; nothing is thrown. */
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
