import { setTimeout as sleep } from "node:timers/promises";
import type { Journal } from "../../journal/index.ts";

/** How often a waiting record looks for room, in milliseconds. */
const PAUSE_MS = 50;

/**
 * A journal in which a record waits for room, for at most `holdMsMax` milliseconds, before it is refused. OpenTelemetry's exporter for
 * JavaScript never retries over gRPC, whatever the answer, but it waits for one: ten seconds by default. A waiting record keeps its share
 * of the body budget.
 */
export function patientJournal(
  journal: Pick<Journal, "append" | "level" | "trouble">,
  holdMsMax: number,
): Pick<Journal, "append" | "level"> {
  return {
    get level() {
      return journal.level;
    },
    async append(record) {
      const deadline = performance.now() + holdMsMax;
      let outcome = await journal.append(record);
      while (outcome.kind === "refused" && outcome.reason === "full" && performance.now() < deadline) {
        await sleep(PAUSE_MS);
        if (journal.trouble === null) outcome = await journal.append(record);
      }
      return outcome;
    },
  };
}
