import { setTimeout as sleep } from "node:timers/promises";
import type { Journal } from "../../journal/index.ts";

/** How often a record that waits looks for room, in milliseconds. */
const PAUSE_MS = 50;

/**
 * A journal that keeps a record waiting for room, for at most `holdMsMax`, before it is refused.
 * OpenTelemetry's exporter for JavaScript sends nothing again over gRPC, whatever it is answered, but waits
 * for an answer: ten seconds unless it is told otherwise. What waits holds its part of the budget of bodies.
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
