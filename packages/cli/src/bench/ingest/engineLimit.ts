import { mkdirSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BenchStore } from "@signalbox/db/clickhouse";
import { realTime, untilSettled } from "../untilSettled.ts";

/** The engine's optimum: larger blocks gain nothing. */
const BLOCK_ROWS = 50_000;

/** This many bytes of blocks are enough for a rate, and fit any disk. */
const BLOCKS_BYTES_MAX = 1024 * 1024 * 1024;

const TABLE = "bench_engine";

/** A measured rate, and its inputs. */
export interface MeasuredRate {
  spans: number;
  spansPerSecond: number;
}

/**
 * The engine's own limit: `spans` spans as ready-made blocks in its Native format,
 * inserted one after another into an empty copy of the table, until merges are settled.
 */
export async function measureEngineLimit(store: BenchStore, folder: string, signal: AbortSignal): Promise<MeasuredRate> {
  const blocks = await saveBlocks(store, join(folder, "blocks"), signal);
  await store.copySpansTable(TABLE);
  const startedAt = performance.now();
  for (const path of blocks) {
    signal.throwIfAborted();
    await store.insertNativeBlock(TABLE, await readFile(path));
  }
  const settledAt = await untilSettled(async () => ({ ...(await store.storage(TABLE)), waitingBytes: 0 }), realTime(signal));
  const { rows } = await store.storage(TABLE);
  rmSync(join(folder, "blocks"), { recursive: true });
  await store.dropTable(TABLE);
  return { spans: rows, spansPerSecond: rows / ((settledAt - startedAt) / 1_000) };
}

/** Writes blocks of the table into files, largest parts first. */
async function saveBlocks(store: BenchStore, folder: string, signal: AbortSignal): Promise<string[]> {
  mkdirSync(folder);
  const paths: string[] = [];
  let bytes = 0;
  for (const { name, rows } of await store.spanParts()) {
    for (let from = 0; from < rows && bytes < BLOCKS_BYTES_MAX; from += BLOCK_ROWS) {
      signal.throwIfAborted();
      const block = await store.readNativeBlock(name, { from, to: from + BLOCK_ROWS });
      const path = join(folder, `${paths.length}.native`);
      await writeFile(path, block);
      paths.push(path);
      bytes += block.length;
    }
  }
  return paths;
}
