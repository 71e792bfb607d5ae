import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@signalbox/model";

/** What is waited for, and for how long. */
export interface Collection<Key, Value> {
  /** What is missing when patience ends, as a person says it: "finished tasks". */
  what: string;
  keys: readonly Key[];
  /** Answers what is there by now, of the keys that are missing. */
  ask: (missing: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>;
  /** So long without anything new, and it is given up; milliseconds. */
  stallMs: number;
  signal: AbortSignal;
  /** Whether nothing can come now, for a reason that ends: such a time is no stall. Asked each second in which nothing came. */
  isHeld?: () => Promise<boolean>;
  /** How many are there by now. */
  onProgress?: (found: number) => void;
}

const ASK_EVERY_MS = 150;
const HELD_EVERY_MS = 1_000;

/** Asks for values until every key has one. Throws `upstream_unavailable` when nothing new has come for `stallMs` in which it could. */
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
