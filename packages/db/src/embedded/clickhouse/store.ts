import { join } from "node:path";
import { AppError } from "@signalbox/model";
import type { Logger } from "pino";
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { loadCredentials } from "../credentials.ts";
import { asDataFolderFailure } from "../dataFolderFailure.ts";
import { makeFolder } from "../makeFolder.ts";
import { requireWritable } from "../requireWritable.ts";
import { CLICKHOUSE_USER, handoverFolder } from "./connection.ts";
import { createConnectionPool } from "./engine/connectionPool.ts";
import { openEngine } from "./engine/engine.ts";
import { QUERY_WAS_CANCELLED } from "./engine/engineError.ts";
import { READS_MAX } from "./engine/engineSettings.ts";
import { openHttpInterface } from "./http/httpInterface.ts";
import { createResultPipes } from "./http/resultPipe.ts";
import { openSpool } from "./http/spool.ts";

/**
 * The open embedded ClickHouse: an engine over `<dataDir>/clickhouse` behind its HTTP
 * interface. `close` cancels running statements; the engine ends with the process.
 */
export type Store = { port: number; version: string; close: () => Promise<void> };

/** Opens the store. Throws an `infrastructure` error that explains in a sentence why it cannot. */
export async function openStore(options: { dataDir: string; port: number }, log: Logger): Promise<Store> {
  try {
    return await open(options, log);
  } catch (error) {
    throw asDataFolderFailure(error, options.dataDir);
  }
}

async function open({ dataDir, port }: { dataDir: string; port: number }, log: Logger): Promise<Store> {
  // A time without a zone means UTC, as on a server in production, whatever this machine's time zone.
  process.env.TZ = "UTC";
  const folder = join(dataDir, "clickhouse");
  requirePlainName(folder);
  makeFolder(dataDir);
  requireWritable(dataDir);
  const engine = await openEngine(folder);
  const pool = createConnectionPool(engine);
  const metrics = createMetrics(pool);
  const http = await openHttpInterface({
    port,
    pool,
    pipes: createResultPipes(join(folder, "pipes"), READS_MAX),
    spool: openSpool(join(folder, "spool")),
    handover: handoverFolder(dataDir),
    credentials: { user: CLICKHOUSE_USER, password: loadCredentials(dataDir).clickhouse },
    version: engine.version,
    metrics: async () => ({ contentType: metrics.registry.contentType, text: await metrics.registry.metrics() }),
    onAnswer: ({ status, error }) => {
      metrics.queries.inc({ status });
      if (status >= 500 && error?.code !== QUERY_WAS_CANCELLED)
        log.warn({ code: error?.code, message: error?.message }, "a statement failed");
    },
  });
  return {
    port: http.port,
    version: engine.version,
    close: async () => {
      await Promise.all([pool.close(), http.close()]);
    },
  };
}

/** The engine reads some characters of a path as a pattern, or not at all. */
function requirePlainName(folder: string): void {
  const [character] = /[*?{}\\]/.exec(folder) ?? [];
  if (character === undefined) return;
  throw new AppError(
    "infrastructure",
    `The telemetry store cannot be in ${folder}: its engine cannot read a path with ${character} in it.`,
    {
      hint: "Choose another folder with SIGNALBOX_DATA_DIR.",
    },
  );
}

function createMetrics(pool: { readonly running: number; readonly waiting: number }): { registry: Registry; queries: Counter } {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const queries = new Counter({
    name: "signalbox_clickhouse_queries_total",
    help: "Statements answered, by HTTP status",
    labelNames: ["status"],
    registers: [registry],
  });
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  gauge("signalbox_clickhouse_queries_running", "Statements that run now", () => pool.running);
  gauge("signalbox_clickhouse_queries_waiting", "Statements that wait for their turn", () => pool.waiting);
  return { registry, queries };
}
