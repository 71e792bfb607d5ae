import type { CommandOutput } from "../commandLine/commandOutput.ts";
import { EXIT } from "../commandLine/exitCode.ts";
import { textTable } from "../commandLine/textTable.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import type { Check, Finding } from "./check.ts";
import { dataFolderChecks } from "./dataFolderChecks.ts";
import { machineChecks } from "./machineChecks.ts";
import { partChecks } from "./partChecks.ts";

const CHECKS: readonly Check[] = [...machineChecks, ...dataFolderChecks, ...partChecks];

const LOOKS = {
  pass: { symbol: "✔", style: "green" },
  warn: { symbol: "▲", style: "yellow" },
  fail: { symbol: "✖", style: "red" },
} as const;

type Result = Finding & { name: string };

/** A line for each check, with its advice on a line beneath. */
export function resultText(results: readonly Result[], output: Pick<CommandOutput, "isForPerson" | "paint">): string {
  const rows = results.map(({ status, name, found }) => {
    const { symbol, style } = LOOKS[status];
    return [output.isForPerson ? output.paint(style, symbol) : status, name, found];
  });
  const lines = textTable(rows).split("\n");
  return results.map((result, row) => ("advice" in result ? `${lines[row]}\n      → ${result.advice}` : lines[row])).join("\n");
}

/** `signalbox doctor`: 0 when every check passes, else 1. A warning is not a failure. */
export const doctor: Act = async ({ output, env, flags }) => {
  const config = loadConfig(env, flags);
  const results = await Promise.all(CHECKS.map(async ({ name, run }) => ({ name, ...(await run(config)) })));
  const healthy = results.every(({ status }) => status !== "fail");
  output.result({ healthy, checks: results }, () => resultText(results, output));
  return healthy ? EXIT.pass : EXIT.failed;
};
