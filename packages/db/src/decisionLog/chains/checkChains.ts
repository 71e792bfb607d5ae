import { on } from "node:events";
import { Worker } from "node:worker_threads";
import { AppError, FAILURES, type FailureCode } from "@signalbox/model";
import { joined } from "../findings.ts";
import type { SignedPlaces } from "../signedPlaces.ts";
import type { ChainNews } from "./chainThread.ts";
import { type ChainWork, checkInTurn } from "./checkInTurn.ts";
import type { RangeFound } from "./checkRange.ts";

/**
 * Which chains are checked, range by range (conditions on a `task_id`),
 * as of which moment; on so many threads, or on none but this one (0).
 */
export type ChainsCheck = { databaseUrl: string; snapshot: string; ranges: readonly string[]; places: SignedPlaces; threads: number };

/** Checks every chain; `progress` hears how many decisions are done. */
export async function checkChains({ threads, ...scan }: ChainsCheck, progress: (events: number) => void): Promise<RangeFound> {
  const found: RangeFound[] = [];
  let events = 0;
  const tell = (at: number, range: RangeFound): void => {
    found[at] = range;
    events += range.events;
    progress(events);
  };
  const work: ChainWork = { ...scan, next: new Int32Array(new SharedArrayBuffer(4)) };
  if (threads === 0) await checkInTurn(work, tell);
  else await checkOnThreads(work, threads, tell);
  const whole = scan.ranges.map((_, at) => found[at]).filter((range) => range !== undefined);
  // A thread that ended without a word leaves a range unread, and nothing is said of a log that was not read.
  if (whole.length < scan.ranges.length) throw new AppError("infrastructure", "A thread that checks decisions ended before it was done.");
  const sum = (count: (range: RangeFound) => number): number => whole.reduce((total, range) => total + count(range), 0);
  return {
    ...joined(whole),
    ...{ tasks: sum((range) => range.tasks), events: sum((range) => range.events), eventsAfter: sum((range) => range.eventsAfter) },
  };
}

async function checkOnThreads(workerData: ChainWork, threads: number, tell: (at: number, found: RangeFound) => void): Promise<void> {
  const workers = Array.from({ length: threads }, () => new Worker(new URL("./chainThread.ts", import.meta.url), { workerData }));
  const listen = async (worker: Worker): Promise<void> => {
    for await (const [news] of on(worker, "message", { close: ["exit"] }) as AsyncIterable<[ChainNews]>) {
      if (news.kind === "failed") throw recordedFailure(news.error);
      tell(news.at, news.found);
    }
  };
  try {
    await Promise.all(workers.map(listen));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function recordedFailure({ code, message, hint }: { code: string; message: string; hint?: string }): AppError {
  return new AppError(code in FAILURES ? (code as FailureCode) : "infrastructure", message, hint === undefined ? {} : { hint });
}
