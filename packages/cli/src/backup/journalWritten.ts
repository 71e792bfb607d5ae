import { setTimeout as sleep } from "node:timers/promises";
import { AppError, backlogIn, portsAt } from "@signalbox/model";
import type { Config } from "../config.ts";
import { readMetrics } from "../status/partHealth.ts";
import { runningStack } from "../supervisor/stack.ts";
import { readRunState } from "../supervisor/stateFile.ts";

const ASK_EVERY_MS = 200;

/** The time without an answer or progress after which a collector is no longer waited for. */
const STALL_MS_MAX = 60_000;

/** The time up to which everything that a collector acknowledged is readable, in milliseconds since 1970; null where it does not answer. */
type AskReadableUntil = () => Promise<number | null>;

/**
 * Waits until the collector of a data folder has written what it acknowledged by
 * `since`. With external stores it may be on another machine, where it cannot be asked.
 */
export async function journalWritten({ dataDir }: Config, since: number): Promise<"written" | "not asked"> {
  const running = runningStack(dataDir) === undefined ? undefined : readRunState(dataDir);
  if (running === undefined) return "not asked";
  await untilWritten(collectorAt(running.portOffset), since);
  return "written";
}

function collectorAt(portOffset: number): AskReadableUntil {
  return async () => backlogIn(await readMetrics(portsAt(portOffset).otlpHttp)).readableUntilMs;
}

/**
 * Waits until everything that a collector had acknowledged by `since` is in the store. Throws
 * where it makes no progress: the content of its journal would be missing from a backup.
 */
export async function untilWritten(
  ask: AskReadableUntil,
  since: number,
  { clock = Date.now, pause = sleep }: { clock?: () => number; pause?: (ms: number) => Promise<unknown> } = {},
): Promise<void> {
  let before: number | null = null;
  let movedAt = clock();
  for (;;) {
    const until = await ask();
    if (until !== null && until >= since) return;
    if (until !== before) movedAt = clock();
    before = until;
    if (clock() - movedAt > STALL_MS_MAX) throw notWritten(until);
    await pause(ASK_EVERY_MS);
  }
}

function notWritten(until: number | null): AppError {
  const what =
    until === null
      ? "The collector does not answer"
      : `The collector's journal has not been written since ${new Date(until).toISOString()}`;
  return new AppError("upstream_unavailable", `${what}, so what it holds would be missing from the backup.`, {
    hint: "See ./signalbox status; try again when every part is ready.",
  });
}
