import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@signalbox/model";
import { EXIT } from "../commandLine/exitCode.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { runningStack } from "../supervisor/stack.ts";
import { type RunState, readRunState } from "../supervisor/stateFile.ts";
import { ROLL_SIGNAL } from "./rollSignal.ts";

const LOOK_EVERY_MS = 100;

/** The Signalbox that runs on a data folder, if its parts can be replaced. */
function rollable(dataDir: string): { pid: number; state: RunState } {
  const pid = runningStack(dataDir);
  const state = readRunState(dataDir);
  if (pid === undefined || state === undefined)
    throw new AppError("infrastructure", `No Signalbox is running on the data folder ${dataDir}.`, {
      hint: "Start one with ./signalbox up",
    });
  if (!state.ready) throw new AppError("infrastructure", "That Signalbox is still starting: what it starts is new anyway.");
  if (state.topology.kind === "prototype")
    throw new AppError("infrastructure", "Nothing runs in copies here, so that nothing can be replaced without a gap.", {
      hint: "Start it with ./signalbox up --topology staging",
    });
  if (state.topology.copies === 1)
    throw new AppError("infrastructure", "There is one copy of each service here, which cannot be replaced without a gap.", {
      hint: "Start it with ./signalbox up --topology staging --copies 2",
    });
  if (state.roll?.status === "rolling") throw new AppError("infrastructure", "The copies of that Signalbox are being replaced already.");
  return { pid, state };
}

/**
 * `signalbox roll`: 0 when every copy runs as a new process, 4 when one does not
 * become ready, or is the only one that works; those after it are left as they were.
 */
export const roll: Act = async ({ output, env, flags }) => {
  const { dataDir } = loadConfig(env, flags);
  const { pid, state } = rollable(dataDir);
  const before = state.roll?.count ?? 0;
  process.kill(pid, ROLL_SIGNAL);
  for (;;) {
    await sleep(LOOK_EVERY_MS);
    const now = readRunState(dataDir);
    if (now === undefined || runningStack(dataDir) === undefined) throw new AppError("infrastructure", "That Signalbox has ended.");
    if (now.roll === undefined || now.roll.count === before || now.roll.status === "rolling") continue;
    const { status, failedPart, why } = now.roll;
    const document = { rolled: status === "done", failedPart: failedPart ?? null, why: why ?? null, parts: now.parts };
    output.result(document, () =>
      failedPart === undefined ? "Every copy runs as a new process." : `${failedPart} ${why}; the copies after it are as they were.`,
    );
    return status === "done" ? EXIT.pass : EXIT.infrastructure;
  }
};
