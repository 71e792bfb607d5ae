import { setTimeout as sleep } from "node:timers/promises";
import { openLoop } from "../../loadgen/pace.ts";
import type { ChaosStack } from "../chaos/chaosStack.ts";
import { type Sending, type Sent, sendTasks } from "../runtime/sender.ts";

const CONNECTIONS = 8;

/** Sends sessions at a rate, each until it is acknowledged, until there are no more or the signal aborts. */
export function sendSessions(
  { gatewayUrl }: ChaosStack,
  { perSecond, nextTask }: { perSecond: number; nextTask: Sending["nextTask"] },
  sent: Sent,
  signal: AbortSignal,
): Promise<void> {
  const clock = {
    clock: () => performance.now(),
    sleep: async (ms: number, until: AbortSignal) => sleep(ms, undefined, { signal: until }),
  };
  const pace = openLoop({ requestsPerSecond: perSecond }, clock);
  return sendTasks({ gatewayUrl, connections: CONNECTIONS, nextTask, pace, isPersistent: true, room: async () => {} }, sent, signal);
}
