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
 * Which chains are checked, range by range (conditions on a `task_id`), as of which moment; on
 * so many threads, or on none but this one (0). Where there are `sweeps` (ranges, too, that
 * have all those chains), threads read these first, and of `ranges` only what is suspect then.
 */
export type ChainsCheck = {
  databaseUrl: string;
  snapshot: string;
  ranges: readonly string[];
  sweeps: readonly string[];
  places: SignedPlaces;
  threads: number;
};

/** So many suspects one thread checks sooner than others have started. */
const SUSPECTS_FOR_THREADS = 10_000;

type Counts = { tasks: number; events: number; eventsAfter: number };

const NO_CHAINS: Counts = { tasks: 0, events: 0, eventsAfter: 0 };

/** Checks every chain; `progress` hears how many decisions are done. */
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
  // What is suspect has been read once, and is on its way again.
  const checked = await checkRanges(work, suspects.length < SUSPECTS_FOR_THREADS ? 0 : threads, () => {});
  return { ...checked, ...sums([...swept, checked]) };
}

/** What is read on threads, but for which range is whose. */
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

/** A thread that ended without a word leaves a range unread, and nothing is said of a log that was not read. */
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
