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
  /** How many are there by now. */
  onProgress?: (found: number) => void;
}

const ASK_EVERY_MS = 150;

/** Asks for values until every key has one. Throws `upstream_unavailable` when nothing new has come for `stallMs`. */
export async function collect<Key, Value>({
  what,
  keys,
  ask,
  stallMs,
  signal,
  onProgress,
}: Collection<Key, Value>): Promise<Map<Key, Value>> {
  const found = new Map<Key, Value>();
  let progressAt = performance.now();
  for (;;) {
    const missing = keys.filter((key) => !found.has(key));
    if (missing.length === 0) return found;
    const news = await ask(missing);
    for (const [key, value] of news) found.set(key, value);
    if (news.size > 0) {
      progressAt = performance.now();
      onProgress?.(found.size);
    } else if (performance.now() - progressAt > stallMs) {
      throw new AppError(
        "upstream_unavailable",
        `${missing.length} of ${keys.length} ${what} are missing, and none came for ${stallMs / 1000} s.`,
        {
          hint: "`./signalbox status` shows what is wrong; run again, an import takes up where it stopped.",
        },
      );
    }
    await sleep(ASK_EVERY_MS, undefined, { signal });
  }
}
