import { setTimeout as delay } from "node:timers/promises";
import { type RolloutView, readRolloutView } from "@signalbox/api";
import { listRolloutEntries, type PrismaClient } from "@signalbox/db/prisma";
import { isUnderWay, type Rollout } from "@signalbox/model";
import { EXIT, type ExitCode } from "../commandLine/exitCode.ts";
import { onStopRequest } from "../commandLine/stopSignals.ts";
import { entryText, sinceText } from "./rolloutText.ts";

const POLL_MS = 2_000;

/** The interval of a sign of life while nothing happens, for whoever waits. */
const STILL_EVERY_MS = 60_000;

const ENTRIES_MAX = 500;

/** Reports the events of a rollout until it ends, `seconds` are over, or a stop is requested. Returns its state by then. */
export async function followRollout(
  store: PrismaClient,
  id: string,
  { note, seconds = Number.POSITIVE_INFINITY }: { note: (line: string) => void; seconds?: number | undefined },
): Promise<RolloutView> {
  using stop = onStopRequest(() => process.exit(130));
  const begun = performance.now();
  let [told, saidAt] = [-1, begun];
  for (;;) {
    const entries = await listRolloutEntries(store, id, { after: told, rowsMax: ENTRIES_MAX });
    for (const entry of entries) note(entryText(entry));
    told = entries.at(-1)?.number ?? told;
    const view = await readRolloutView(store, id);
    const now = performance.now();
    if (!isUnderWay(view.rollout) || stop.isRequested() || now - begun >= seconds * 1_000) return view;
    if (entries.length > 0) saidAt = now;
    else if (now - saidAt >= STILL_EVERY_MS) {
      note(sinceText(view));
      saidAt = now;
    }
    await Promise.race([delay(Math.min(POLL_MS, Math.max(1, seconds * 1_000 - (now - begun)))), stop.requested]);
  }
}

/** The exit code for a rollout's end, or for one that is still under way. */
export function exitCodeOf({ phase }: Rollout): ExitCode {
  if (phase === "promoted") return EXIT.pass;
  return phase === "rolledBack" || phase === "aborted" ? EXIT.failed : EXIT.inconclusive;
}
