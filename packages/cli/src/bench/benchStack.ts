import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BenchStore, createBenchStore, createClickHouse, createLedgerReader, type LedgerReader } from "@signalbox/db/clickhouse";
import { freePortOffset } from "@signalbox/db/embedded";
import { portsAt } from "@signalbox/model";
import type { Config } from "../config.ts";
import type { PartState } from "../supervisor/parts/part.ts";
import { loopbackUrl, type PartName } from "../supervisor/parts/parts.ts";
import { openStack } from "../supervisor/stack.ts";
import { storeUrls } from "../supervisor/stores/stores.ts";
import { journalBytes, realTime, untilSettled } from "./untilSettled.ts";

/** Parts that storing telemetry does not need. */
const WITHOUT = ["worker", "gateway", "controller", "console"] as const satisfies readonly PartName[];

/** Comparing millions of spans takes longer than the product's limit for a query. */
const QUERY_MS_MAX = 600_000;

/** A place for a benchmark: a temporary data folder and free ports. Disposing it removes the folder. */
export interface BenchPlace extends Disposable {
  config: Config;
  clickhouseUrl: string;
  /** The collector's endpoint for OTLP over HTTP. */
  otlpUrl: string;
  /** If this process exits, the folder is removed after every exit handler registered so far. */
  removeLast(): void;
}

/** The part of Signalbox that stores telemetry, started as `up` does. Disposing it stops the parts. */
export interface BenchStack extends AsyncDisposable {
  otlpUrl: string;
  store: BenchStore;
  ledger: LedgerReader;
  /** Rejects when a part cannot be kept alive. */
  failure: Promise<never>;
  part(name: "collector" | "clickhouse"): PartState;
}

export async function openBenchPlace(): Promise<BenchPlace> {
  const dataDir = mkdtempSync(join(tmpdir(), "signalbox-bench-"));
  // Parts that were just killed may still be writing.
  const remove = (): void => rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  process.on("exit", remove);
  const portOffset = await freePortOffset();
  const stores = { DATABASE_URL: undefined, CLICKHOUSE_URL: undefined, REDIS_URL: undefined };
  const config: Config = { dataDir, portOffset, isKeyRequired: false, isGatewayKeyRequired: false, stores };
  return {
    config,
    clickhouseUrl: storeUrls(config).CLICKHOUSE_URL,
    otlpUrl: loopbackUrl(portsAt(portOffset).otlpHttp),
    removeLast() {
      process.off("exit", remove);
      process.on("exit", remove);
    },
    [Symbol.dispose]: () => {
      process.off("exit", remove);
      remove();
    },
  };
}

/**
 * Starts the stack at a place; `env` is added to its parts' environment, `besides` names a part
 * to start although storing does not need it. Rejects with the signal's reason when that aborts.
 */
export async function startBenchStack(
  place: BenchPlace,
  {
    env = {},
    besides,
    note,
    signal,
  }: { env?: Record<string, string>; besides?: PartName; note: (line: string) => void; signal: AbortSignal },
): Promise<BenchStack> {
  const { config, clickhouseUrl, otlpUrl } = place;
  const stack = await openStack(config, { without: WITHOUT.filter((name) => name !== besides), env, note });
  place.removeLast();
  const clickhouse = createClickHouse(clickhouseUrl, { requestTimeoutMs: QUERY_MS_MAX });
  try {
    await unlessAborted(signal, stack.start());
  } catch (error) {
    await stack[Symbol.asyncDispose]();
    throw error;
  }
  return {
    otlpUrl,
    store: createBenchStore(clickhouse),
    ledger: createLedgerReader(clickhouse),
    failure: stack.failure,
    part(name) {
      const state = stack.states().find((part) => part.name === name);
      if (state === undefined) throw new Error(`there is no part ${name}`);
      return state;
    },
    async [Symbol.asyncDispose]() {
      await clickhouse.close();
      await stack[Symbol.asyncDispose]();
    },
  };
}

/** The result of `work`, unless the signal aborts first: then it rejects with its reason. */
export async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** A signal that aborts with the given one, and when a part cannot be kept alive. */
export function calledOffBy(signal: AbortSignal, { failure }: Pick<BenchStack, "failure">): AbortSignal {
  const failed = new AbortController();
  failure.catch((reason: unknown) => failed.abort(reason));
  return AbortSignal.any([signal, failed.signal]);
}

/** Waits until everything acknowledged is stored and merged; resolves to the time of that. */
export function settled({ otlpUrl, store }: BenchStack, signal: AbortSignal): Promise<number> {
  const ask = async () => ({ ...(await store.storage("spans")), waitingBytes: await journalBytes(otlpUrl, signal) });
  return untilSettled(ask, realTime(signal));
}
