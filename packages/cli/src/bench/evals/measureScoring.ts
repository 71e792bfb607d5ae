import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { plainReply, type RunItem, readScorers, runTries } from "@signalbox/evals";
import type { TryStore } from "@signalbox/model";

/** The speed and cost of scoring. Live memory is the heap after a garbage collection. */
export interface ScoringFigures {
  readonly items: number;
  readonly scorers: readonly string[];
  readonly itemsPerSecond: number;
  readonly cpuSeconds: number;
  readonly liveMbAtTenth: number;
  readonly liveMbAtEnd: number;
  readonly peakRssMb: number;
  /** Whether nine tenths of the items left almost no memory in use. */
  readonly holds: boolean;
}

const SCORERS = ["exact", "token_f1", "levenshtein"];

/** The measurement of the heap is not exact; a tenth of a hundred thousand leaked results would be far above this. */
const GROWTH_MB_MAX = 8;

const CONCURRENCY = 8;
const MB = 1024 * 1024;

function liveMb(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed / MB;
}

const WORDS = "the refund of your order is on its way and will be there within five working days thank you for waiting".split(" ");

/** Items as read from a dataset: one after the other, none kept. Every seventh is answered wrongly. */
function* drawnItems(count: number): Generator<RunItem> {
  const none = { expectedToolCalls: null, expectedState: null, metadata: {} };
  for (let index = 0; index < count; index += 1) {
    const expectedOutput = `${index}: ${WORDS.slice(index % 5, 8 + (index % 13)).join(" ")}`;
    yield { ...none, id: String(index), input: { index, answer: index % 7 === 0 ? "no idea" : expectedOutput }, expectedOutput };
  }
}

/** Stores results in a file, like a run's store on a disk. */
function fileStore(path: string): TryStore & { close(): Promise<void> } {
  const stream = createWriteStream(path);
  return {
    claim: async () => true,
    async finish(result) {
      if (!stream.write(`${JSON.stringify(result)}\n`)) await new Promise((resolve) => stream.once("drain", resolve));
    },
    async close() {
      stream.end();
      await finished(stream);
    },
  };
}

/** Scores `items` generated items with three code scorers, with results in a file, and measures it. */
export async function measureScoring(
  items: number,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (done: number) => void },
): Promise<ScoringFigures> {
  const folder = await mkdtemp(join(tmpdir(), "signalbox-bench-"));
  const store = fileStore(join(folder, "results.jsonl"));
  let liveMbAtTenth = Number.POSITIVE_INFINITY;
  const tenth = Math.ceil(items / 10);
  try {
    const [startedAt, cpuBefore] = [performance.now(), process.cpuUsage()];
    await runTries({
      ...{ runId: "bench", store, signal, trials: 1, unitKey: null, concurrency: CONCURRENCY, ratePerSecond: null, isTraced: false },
      ...{ timeoutMs: 60_000, patienceMs: 0 },
      items: drawnItems(items),
      scorers: readScorers(SCORERS.map((name) => ({ name, options: {} }))),
      target: { ask: async ({ item }) => plainReply((item.input as { answer: string }).answer) },
      onProgress: (done) => {
        if (done === tenth) liveMbAtTenth = liveMb();
        if (done % 1_000 === 0) onProgress(done);
      },
    });
    await store.close();
    const [seconds, cpu] = [(performance.now() - startedAt) / 1_000, process.cpuUsage(cpuBefore)];
    const liveMbAtEnd = liveMb();
    return {
      ...{ items, scorers: SCORERS, liveMbAtTenth, liveMbAtEnd },
      itemsPerSecond: Math.round(items / seconds),
      cpuSeconds: (cpu.user + cpu.system) / 1e6,
      peakRssMb: process.resourceUsage().maxRSS / 1024,
      holds: liveMbAtEnd - liveMbAtTenth <= GROWTH_MB_MAX,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
