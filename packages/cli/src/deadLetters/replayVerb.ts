import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { createRedrive, forecastRedrive, type PrismaClient, readRedrive } from "@signalbox/db/prisma";
import { AppError, confirmBulk, editedPayload, type Redrive, RedriveOrder } from "@signalbox/model";
import type { CommandOutput } from "../commandLine/commandOutput.ts";
import { EXIT, type ExitCode } from "../commandLine/exitCode.ts";
import { startProgress } from "../commandLine/progress.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { parseArguments } from "../projects/parseArguments.ts";
import { openStateStore } from "../projects/stateStore.ts";
import { forecastText, obstructedText } from "./forecastText.ts";
import { letterSelection } from "./letterSelection.ts";
import { progressOf, redriveText } from "./redriveText.ts";
import type { ReplayFlags } from "./replayOptions.ts";
import { typedConfirmation } from "./typedConfirmation.ts";

/** The polling interval while waiting for a redrive, in milliseconds. */
const LOOK_MS = 250;

function readPayload(path: string | undefined): unknown {
  if (path === undefined) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new AppError("invalid_input", `The file ${path} cannot be read as JSON: ${(cause as Error).message}.`, { cause });
  }
}

function versionOf(text: string | undefined): unknown {
  if (text === undefined) return { kind: "any" };
  return text === "same" ? { kind: "same" } : { kind: "other", version: text };
}

/** Waits until a redrive is no longer running. */
async function waitForEnd(store: PrismaClient, output: CommandOutput, { project, id, ...redrive }: Redrive): Promise<Redrive> {
  const progress = startProgress(output, "redriven", progressOf({ project, id, ...redrive }).total);
  try {
    for (;;) {
      const now = await readRedrive(store, project, id);
      progress.update(progressOf(now).ended);
      if (now.state !== "running") return now;
      await sleep(LOOK_MS);
    }
  } finally {
    progress.stop();
  }
}

function exitCodeOf({ state, counts }: Redrive): ExitCode {
  if (state === "done") return counts.failed === 0 ? EXIT.pass : EXIT.failed;
  return state === "stopped" ? EXIT.failed : EXIT.inconclusive;
}

/** `signalbox dlq replay [ids...]`: creates a redrive, which the controller executes. */
export const dlqReplay: Act<ReplayFlags> = async ({ output, env, args, flags }) => {
  const isDryRun = flags.dryRun === true;
  const selection = letterSelection(args, flags, Date.now());
  const { confirmation, payload, ...order } = parseArguments(RedriveOrder, {
    ...{ project: flags.project, selection, version: versionOf(flags.toVersion), payload: readPayload(flags.payload) },
    ...{ name: flags.name ?? "replay", ratePerSecond: flags.rate, tryFirst: flags.tryFirst ?? null, confirmation: flags.yes },
    reason: isDryRun ? "a dry run" : flags.reason,
  });
  const edited = editedPayload(payload, selection);
  await using store = openStateStore(loadConfig(env, { dataDir: flags.dataDir, portOffset: flags.portOffset }));
  const forecast = await forecastRedrive(store, { ...order, payload: edited, now: new Date() });
  if (isDryRun) {
    output.result({ dryRun: true, ...forecast }, () => forecastText(forecast));
    return EXIT.pass;
  }
  const typed = await typedConfirmation(output, confirmation, forecast.redrivable, "redrive");
  const made = await createRedrive(
    store,
    { ...order, payload: edited, actor: userInfo().username },
    { now: new Date(), confirm: confirmBulk(typed, flags.name ?? null) },
  );
  for (const line of obstructedText(made.obstructed)) output.note(line);
  const redrive = flags.wait === true ? await waitForEnd(store, output, made.redrive) : made.redrive;
  output.result({ redrive, obstructed: made.obstructed }, () => redriveText(redrive));
  return flags.wait === true ? exitCodeOf(redrive) : EXIT.pass;
};
