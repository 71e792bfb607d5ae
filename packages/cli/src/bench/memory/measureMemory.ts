import { randomUUID } from "node:crypto";
import { exactNearest, type VectorStore } from "@signalbox/knowledge";
import { rounded } from "../rounded.ts";
import type { VectorSet } from "./vectorSets.ts";

const NEIGHBOURS = 10;
const UPSERT_ROWS = 500;

/** The number of concurrent searches: a remote store answers several, the embedded one has only this process's thread. */
const IN_FLIGHT = { shared: 16, embedded: 1 } as const;

/** A store's results on a set of vectors. `recallAt10` is the share of the true ten nearest among the ten found. */
export interface MemoryFigures {
  vectors: number;
  dimensions: number;
  queries: number;
  recallAt10: number;
  queriesPerSecond: number;
  /** By this process's processor time; null where the work is done elsewhere. */
  queriesPerSecondPerCore: number | null;
  buildSeconds: number;
  /** The rate of exact search on this machine, in the same run, as a reference for the other figures. */
  exactQueriesPerSecondPerCore: number;
}

const recordId = (at: number): string => String(at);

/** Stores a set in a namespace of its own, searches it, compares the results with exact search, and deletes the namespace. */
export async function measureMemory(store: VectorStore, { stored, queries }: VectorSet, signal: AbortSignal): Promise<MemoryFigures> {
  const namespace = `bench-${randomUUID()}`;
  try {
    const builtAt = performance.now();
    for (let from = 0; from < stored.length; from += UPSERT_ROWS) {
      signal.throwIfAborted();
      const records = stored.slice(from, from + UPSERT_ROWS).map((vector, at) => ({ id: recordId(from + at), vector, attributes: {} }));
      await store.upsert(namespace, records);
    }
    const buildMs = performance.now() - builtAt;
    const searched = await search(store, namespace, queries, signal);
    const exact = await compare(stored, queries, searched.found, signal);
    return {
      ...{ vectors: stored.length, dimensions: stored[0]?.length ?? 0, queries: queries.length },
      recallAt10: rounded(exact.recall, 4),
      queriesPerSecond: Math.round(queries.length / searched.seconds),
      queriesPerSecondPerCore: store.isShared ? null : Math.round(queries.length / searched.cpuSeconds),
      buildSeconds: rounded(buildMs / 1_000, 1),
      exactQueriesPerSecondPerCore: Math.round(exact.perSecondPerCore),
    };
  } finally {
    await store.delete(namespace, "all");
  }
}

async function search(store: VectorStore, namespace: string, queries: readonly Float32Array[], signal: AbortSignal) {
  const found: string[][] = [];
  const ask = async (at: number): Promise<void> => {
    signal.throwIfAborted();
    const vector = queries[at] as Float32Array;
    found[at] = (await store.search(namespace, { vector, limit: NEIGHBOURS })).map(({ id }) => id);
  };
  // The first searches pay for connections and caches.
  for (let at = 0; at < Math.min(20, queries.length); at += 1) await ask(at);
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  let next = 0;
  const asking = Array.from({ length: store.isShared ? IN_FLIGHT.shared : IN_FLIGHT.embedded }, async () => {
    while (next < queries.length) await ask(next++);
  });
  await Promise.all(asking);
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { found, seconds, cpuSeconds: (user + system) / 1e6 };
}

/** The share of true neighbours found, and the rate of exact search. */
async function compare(stored: readonly Float32Array[], queries: readonly Float32Array[], found: readonly string[][], signal: AbortSignal) {
  const nearest = exactNearest(stored);
  let hits = 0;
  let wanted = 0;
  const cpu = process.cpuUsage();
  for (const [at, query] of queries.entries()) {
    signal.throwIfAborted();
    const truth = nearest(query, NEIGHBOURS);
    wanted += truth.length;
    hits += truth.filter((row) => found[at]?.includes(recordId(row))).length;
  }
  const { user, system } = process.cpuUsage(cpu);
  return { recall: hits / wanted, perSecondPerCore: queries.length / ((user + system) / 1e6) };
}
