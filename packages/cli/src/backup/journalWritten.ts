import { type AskReadableUntil, backlogIn, portsAt, untilWritten } from "@signalbox/model";
import type { Config } from "../config.ts";
import { readMetrics } from "../status/partHealth.ts";
import { runningStack } from "../supervisor/stack.ts";
import { readRunState } from "../supervisor/stateFile.ts";

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
