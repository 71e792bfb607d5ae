import { setTimeout as delay } from "node:timers/promises";
import { errorMessage } from "@signalbox/model";

/** The most pieces of work that run at once, over all groups. */
const LANES_MAX = 32;

/**
 * A piece of work that runs once at a time per `key`, and `groupMax` times at once per group. `task` returns whether there is more of it.
 */
interface Lane {
  readonly key: string;
  readonly group: string;
  readonly groupMax: number;
  readonly task: () => Promise<boolean>;
}

/**
 * Runs pieces of work concurrently, in the order in which they were started; slow work of one group delays no other group. `settled`
 * resolves when nothing runs any more, or after `waitMs` milliseconds: to whether anything still runs, and whether a finished piece has
 * more to do. It throws their errors. `close` waits for running work and drops the rest; `isClosed` says whether it was called.
 */
export interface Lanes {
  start(lane: Lane): void;
  settled(waitMs: number): Promise<{ isRunning: boolean; hasMore: boolean }>;
  isClosed(): boolean;
  close(): Promise<void>;
}

/** Opens lanes without any work; together they run 32 pieces at once. */
export function openLanes(): Lanes {
  const queued: Lane[] = [];
  const running = new Map<string, string>();
  const failures: unknown[] = [];
  /** Resolves when nothing runs any more; null while nothing runs. */
  let ending: PromiseWithResolvers<void> | null = null;
  let hasMore = false;
  let isClosed = false;

  async function run({ key, task }: Lane): Promise<void> {
    try {
      hasMore = (await task()) || hasMore;
    } catch (error) {
      failures.push(error);
    }
    running.delete(key);
    startNext();
    if (running.size > 0) return;
    ending?.resolve();
    ending = null;
  }

  const hasRoom = ({ key, group, groupMax }: Lane): boolean =>
    running.size < LANES_MAX && !running.has(key) && [...running.values()].filter((one) => one === group).length < groupMax;

  function startNext(): void {
    for (let lane = queued.find(hasRoom); lane !== undefined; lane = queued.find(hasRoom)) {
      queued.splice(queued.indexOf(lane), 1);
      ending ??= Promise.withResolvers();
      running.set(lane.key, lane.group);
      void run(lane);
    }
  }

  return {
    start(lane) {
      if (isClosed || running.has(lane.key) || queued.some(({ key }) => key === lane.key)) return;
      queued.push(lane);
      startNext();
    },
    async settled(waitMs) {
      const waited = new AbortController();
      await Promise.race([ending?.promise, delay(waitMs, undefined, { signal: waited.signal }).catch(() => undefined)]);
      waited.abort();
      const thrown = failures.splice(0);
      if (thrown.length > 1) throw new AggregateError(thrown, [...new Set(thrown.map(errorMessage))].join("; "));
      if (thrown.length === 1) throw thrown[0];
      const more = hasMore;
      hasMore = false;
      return { isRunning: running.size > 0, hasMore: more };
    },
    isClosed: () => isClosed,
    async close() {
      isClosed = true;
      queued.length = 0;
      await ending?.promise;
    },
  };
}
