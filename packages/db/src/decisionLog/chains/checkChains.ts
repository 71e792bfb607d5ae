import { on } from "node:events";
import { Worker } from "node:worker_threads";
import { AppError, FAILURES, type FailureCode } from "@signalbox/model";
import { joined } from "../findings.ts";
import type { SignedPlaces } from "../signedPlaces.ts";
import type { ChainNews } from "./chainThread.ts";
import { type ChainWork, checkInTurn, type RangeNews } from "./checkInTurn.ts";
import type { RangeFound } from "./checkRange.ts";
import { narrowed } from "./ranges.ts";
import type { SweepFound } from "./sweepTasks.ts";

/**
 * The chains to check, by ranges (conditions on a `task_id`), in the snapshot named; `threads` is the number of threads, 0 for this
 * one alone. With `sweeps` (ranges that cover the same chains), threads read those first, and then only the suspects among `ranges`.
 */
export type ChainsCheck = {
  databaseUrl: string;
  snapshot: string;
  ranges: readonly string[];
  sweeps: readonly string[];
  places: SignedPlaces;
  threads: number;
};

/** Up to this many suspects, one thread is done before others have started. */
const SUSPECTS_FOR_THREADS = 10_000;

type Counts = { tasks: number; events: number; eventsAfter: number };

const NO_CHAINS: Counts = { tasks: 0, events: 0, eventsAfter: 0 };

/** Checks every chain; `progress` gets the number of decisions done so far. */
export async function checkChains(
  { threads, ranges, sweeps, ...scan }: ChainsCheck,
  progress: (events: number) => void,
): Promise<RangeFound> {
  let events = 0;
  const read = (more: number): void => {
    events += more;
    progress(events);
  };
  if (sweeps.length === 0) return checkRanges({ ...scan, kind: "check", ranges }, threads, read);
  const swept = await sweepAll({ ...scan, kind: "sweep", ranges: sweeps }, threads, read);
  const suspects = swept.flatMap((sweep) => sweep.suspects);
  const work = { ...scan, kind: "check", ranges: narrowed(ranges, suspects) } as const;
  // Suspects have been read once already, so they do not count as progress again.
  const checked = await checkRanges(work, suspects.length < SUSPECTS_FOR_THREADS ? 0 : threads, () => {});
  return { ...checked, ...sums([...swept, checked]) };
}

/** A scan for several threads, without the counter that deals out its ranges. */
type Scan = Omit<ChainWork, "next">;

async function sweepAll(scan: Scan, threads: number, read: (events: number) => void): Promise<SweepFound[]> {
  const found: SweepFound[] = [];
  await readAll(scan, threads, (news) => {
    if (news.kind === "read") read(news.events);
    else if (news.kind === "swept") found[news.at] = news.found;
  });
  return allOf(scan, found);
}

async function checkRanges(scan: Scan, threads: number, read: (events: number) => void): Promise<RangeFound> {
  const found: RangeFound[] = [];
  await readAll(scan, threads, (news) => {
    if (news.kind === "read") read(news.events);
    else if (news.kind === "checked") found[news.at] = news.found;
  });
  const ranges = allOf(scan, found);
  return { ...joined(ranges), ...sums(ranges) };
}

/** Throws where a range is missing: a thread ended silently, and a log that was not read must not pass as whole. */
function allOf<T>({ ranges }: Scan, found: readonly T[]): T[] {
  const whole = ranges.map((_, at) => found[at]).filter((range) => range !== undefined);
  if (whole.length < ranges.length) throw new AppError("infrastructure", "A thread that checks decisions ended before it was done.");
  return whole;
}

function sums(parts: readonly Counts[]): Counts {
  return parts.reduce<Counts>(
    (sum, { tasks, events, eventsAfter }) => ({
      ...{ tasks: sum.tasks + tasks, events: sum.events + events, eventsAfter: sum.eventsAfter + eventsAfter },
    }),
    NO_CHAINS,
  );
}

async function readAll(scan: Scan, threads: number, tell: (news: RangeNews) => void): Promise<void> {
  if (scan.ranges.length === 0) return;
  const work: ChainWork = { ...scan, next: new Int32Array(new SharedArrayBuffer(4)) };
  if (threads === 0) await checkInTurn(work, tell);
  else await readOnThreads(work, threads, tell);
}

async function readOnThreads(workerData: ChainWork, threads: number, tell: (news: RangeNews) => void): Promise<void> {
  const workers = Array.from({ length: threads }, () => new Worker(new URL("./chainThread.ts", import.meta.url), { workerData }));
  const listen = async (worker: Worker): Promise<void> => {
    for await (const [news] of on(worker, "message", { close: ["exit"] }) as AsyncIterable<[ChainNews]>) {
      if (news.kind === "failed") throw recordedFailure(news.error);
      tell(news);
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
