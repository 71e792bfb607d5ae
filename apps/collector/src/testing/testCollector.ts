import { memoryRunParts, memoryWorkspace } from "@signalbox/db/testing";
import { pino } from "pino";
import { type CollectorOptions, startCollector } from "../collector.ts";
import type { Insert } from "../write/index.ts";
import { aFolder } from "./aFolder.ts";

/** Batches of a test collector, as the store got them. */
export interface Stored {
  table: string;
  rows: readonly string[];
  token: string;
}

type Settings = CollectorOptions["config"];

/**
 * A collector in this process on a free port; its folder goes with it. Without an `insert` it has a store that takes everything and
 * remembers it in `stored`.
 */
export async function startTestCollector(
  settings: Partial<Settings["journal"] & Settings["batch"] & { bodiesBytesMax: number }> = {},
  insert?: Insert,
  langsmith: Pick<CollectorOptions, "runParts" | "workspace"> = { runParts: memoryRunParts(), workspace: memoryWorkspace() },
) {
  const place = await aFolder();
  const stored: Stored[] = [];
  const remember: Insert = async (table, rows, token) => {
    stored.push({ table, rows, token });
    return { kind: "stored" };
  };
  const {
    segmentBytes = 1_000_000,
    bytesMax = 200_000_000,
    batchBytes = 1_000_000,
    batchAgeMs = 20,
    bodiesBytesMax = 200_000_000,
  } = settings;
  const collector = await startCollector({
    config: {
      port: 0,
      bodiesBytesMax,
      journal: { folder: place.folder, segmentBytes, bytesMax, ...settings },
      batch: { batchBytes, batchAgeMs },
    },
    insert: insert ?? remember,
    ...langsmith,
    log: pino({ level: "silent" }),
    clock: Date.now,
  });
  return {
    stored,
    url: `http://127.0.0.1:${collector.port}`,
    port: collector.port,
    async [Symbol.asyncDispose]() {
      await collector.end(1_000);
      await place[Symbol.asyncDispose]();
    },
  };
}
