import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@signalbox/model";

/** The values to wait for, and the limits of waiting. */
export interface Collection<Key, Value> {
  /** The missing values in an error, in words: "finished tasks". */
  what: string;
  keys: readonly Key[];
  /** Returns the values that exist by now, for the missing keys. */
  ask: (missing: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>;
  /** The time without anything new after which it gives up; milliseconds. */
  stallMs: number;
  signal: AbortSignal;
  /** Whether values cannot arrive now for a temporary reason: such time does not count as a stall. Called in each second without news. */
  isHeld?: () => Promise<boolean>;
  /** Called with the number of values so far. */
  onProgress?: (found: number) => void;
}

const ASK_EVERY_MS = 150;
const HELD_EVERY_MS = 1_000;

/**
 * Polls for values until every key has one. Throws `upstream_unavailable`
 * when nothing new has arrived for `stallMs` in which it could have.
 */
export async function collect<Key, Value>({
  what,
  keys,
  ask,
  stallMs,
  signal,
  isHeld = async () => false,
  onProgress,
}: Collection<Key, Value>): Promise<Map<Key, Value>> {
  const found = new Map<Key, Value>();
  let [progressAt, heldAskedAt] = [performance.now(), performance.now()];
  for (;;) {
    const missing = keys.filter((key) => !found.has(key));
    if (missing.length === 0) return found;
    const news = await ask(missing);
    for (const [key, value] of news) found.set(key, value);
    const now = performance.now();
    const isStall = now - progressAt > stallMs;
    if (news.size > 0) {
      progressAt = now;
      onProgress?.(found.size);
    } else if (isStall || now - heldAskedAt > HELD_EVERY_MS) {
      heldAskedAt = now;
      if (await isHeld()) progressAt = performance.now();
      else if (isStall) throw stalled(`${missing.length} of ${keys.length} ${what}`, stallMs);
    }
    await sleep(ASK_EVERY_MS, undefined, { signal });
  }
}

function stalled(missing: string, stallMs: number): AppError {
  return new AppError("upstream_unavailable", `${missing} are missing, and none came for ${stallMs / 1000} s.`, {
    hint: "`./signalbox status` shows what is wrong; run again, an import takes up where it stopped.",
  });
}
