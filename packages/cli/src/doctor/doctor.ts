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

function resultTable(results: readonly Result[], output: CommandOutput): string {
  const rows = results.map((result) => {
    const { symbol, style } = LOOKS[result.status];
    const status = output.isForPerson ? output.paint(style, symbol) : result.status;
    return [status, result.name, result.found, "advice" in result ? result.advice : ""];
  });
  return textTable(rows);
}

/** `signalbox doctor`: 0 when everything that must be right is, else 1. A warning is no failure. */
export const doctor: Act = async ({ output, env, flags }) => {
  const config = loadConfig(env, flags);
  const results = await Promise.all(CHECKS.map(async ({ name, run }) => ({ name, ...(await run(config)) })));
  const healthy = results.every(({ status }) => status !== "fail");
  output.result({ healthy, checks: results }, () => resultTable(results, output));
  return healthy ? EXIT.pass : EXIT.failed;
};
