import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { CommandOutput } from "./commandLine/commandOutput.ts";
import { runCommandLine, signalboxProgram } from "./program.ts";

/** Runs a command line that starts nothing, in this process. */
async function signalbox(args: readonly string[]): Promise<{ stdout: string; stderr: string; exitCode: number }> {
  const said = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof said) =>
    ({ write: (text: string) => (said[name] += text), isTTY: false }) as unknown as NodeJS.WriteStream;
  const exitCode = await runCommandLine(args, { stdout: stream("stdout"), stderr: stream("stderr") }, {});
  return { ...said, exitCode };
}

describe("what was mistyped is answered with the nearest name and exit code 2", () => {
  test.each([
    [["up", "--port-ofset", "3"], "--port-ofset", "--port-offset"],
    [["status", "--jsn"], "--jsn", "--json"],
    [["import", "tau-bench", "x", "--plannr", "recorded"], "--plannr", "--planner"],
    [["stats"], "stats", "status"],
    [["import", "tau-bnch", "x"], "tau-bnch", "tau-bench"],
  ])("%j", async (args, wrong, nearest) => {
    const { stdout, stderr, exitCode } = await signalbox(args);
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 2 });
    expect(stderr.split("\n")).toEqual([expect.stringContaining(wrong), expect.stringContaining(nearest), ""]);
  });
});

/** The words of every command that acts by itself. */
function verbsOf({ commands }: Command, before: readonly string[] = []): string[][] {
  return commands.flatMap((command) => {
    const words = [...before, command.name()];
    return command.commands.length === 0 ? [words] : verbsOf(command, words);
  });
}

const output = new CommandOutput({ stdout: process.stdout, stderr: process.stderr }, { json: false, verbose: false });

describe("every verb helps, with an example of itself", () => {
  test.each(verbsOf(signalboxProgram({ output, env: {}, finish: () => {} })).map((verb) => [verb]))("%j", async (verb) => {
    const { stdout, exitCode } = await signalbox([...verb, "--help"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`Example:\\n {2}\\$ (\\w+=\\S+ )*\\./signalbox ${verb.join(" ")}\\b`));
  });
});
