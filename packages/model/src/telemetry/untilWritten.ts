import { AppError } from "../errors/index.ts";

const ASK_EVERY_MS = 200;

/** A collector that says nothing, or gets no further, for so long is not waited for any more. */
const STALL_MS_MAX = 60_000;

/** Up to when everything is readable that a collector has acknowledged, in milliseconds since 1970; null where it does not answer. */
export type AskReadableUntil = () => Promise<number | null>;

const sleep = (ms: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Waits until everything is in the store that a collector had acknowledged by `since`.
 * Throws where it does not get there: what its journal holds would be missing from a backup, and would come back after an erasure.
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
  return new AppError("upstream_unavailable", `${what}, so what it holds is not in the telemetry store.`, {
    hint: "See ./signalbox status; try again when every part is ready.",
  });
}
