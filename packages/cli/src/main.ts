import { CommandOutput } from "./commandLine/commandOutput.ts";
import { runCommandLine } from "./program.ts";

// The reader of our output may close it; that is not an error.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

// A defect of ours is reported like any failure, without a stack trace, and the parts end with this process.
process.on("uncaughtException", (error) => {
  const choice = { json: false, verbose: process.argv.includes("--verbose") };
  process.exit(new CommandOutput(process, choice).failure(error).exitCode);
});

process.exitCode = await runCommandLine(process.argv.slice(2), process, process.env);
