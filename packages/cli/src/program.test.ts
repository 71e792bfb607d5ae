import { describe, expect, test } from "vitest";
import { runCommandLine } from "./program.ts";

/** Runs a command line in this process, which nothing is started for. */
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

describe("every verb helps, with an example", () => {
  test.each([
    [[]],
    [["up"]],
    [["roll"]],
    [["status"]],
    [["doctor"]],
    [["dlq", "list"]],
    [["dlq", "show"]],
    [["project", "list"]],
    [["project", "create"]],
    [["project", "reprice"]],
    [["project", "rules", "show"]],
    [["project", "rules", "set"]],
    [["project", "rules", "clear"]],
    [["project", "rules", "test"]],
    [["key", "create"]],
    [["key", "list"]],
    [["key", "revoke"]],
    [["train", "intents"]],
    [["import"]],
    [["import", "tau-bench"]],
    [["dataset", "import"]],
    [["dataset", "list"]],
    [["dataset", "show"]],
    [["dataset", "diff"]],
    [["dataset", "export"]],
    [["knowledge", "load"]],
    [["knowledge", "list"]],
    [["knowledge", "search"]],
    [["knowledge", "remove"]],
    [["knowledge", "rebuild"]],
    [["knowledge", "snapshot"]],
    [["text-index"]],
    [["loadgen"]],
    [["bench", "ingest"]],
    [["bench", "query"]],
    [["bench", "memory"]],
    [["bench", "routing"]],
  ])("%j", async (verb) => {
    const { stdout, exitCode } = await signalbox([...verb, "--help"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Example:\n {2}\$ \.\/signalbox/);
  });
});
