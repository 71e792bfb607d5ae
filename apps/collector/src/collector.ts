import type { RunPartStore, WorkspaceStore } from "@signalbox/db/clickhouse";
import { AppError } from "@signalbox/model";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import { Journal, type JournalOptions } from "./journal/index.ts";
import { createMetrics } from "./metrics.ts";
import { healthRoutes } from "./receive/healthRoutes.ts";
import { langsmithRoutes } from "./receive/langsmith/index.ts";
import { openListener } from "./receive/listener.ts";
import { otlpRoutes } from "./receive/otlpHttp/index.ts";
import { BodyBudget } from "./receive/readBody.ts";
import { type Insert, Writer } from "./write/index.ts";

/**
 * What a collector is made of: its limits, the store's insert, its parts of runs and its workspace, a logger, and a clock (milliseconds since
 * 1970).
 */
export interface CollectorOptions {
  config: Omit<Config, "logLevel" | "clickhouseUrl">;
  insert: Insert;
  runParts: RunPartStore;
  workspace: WorkspaceStore;
  log: Logger;
  clock: () => number;
}

/**
 * A running collector. `end` takes no more requests and writes what the journal has, for at most `graceMs`; the rest waits there for the
 * next start.
 */
export interface Collector {
  port: number;
  end(graceMs: number): Promise<void>;
}

/** Opens the journal, goes on writing where the last process stopped, and listens. Throws `AppError` where the machine is in the way. */
export async function startCollector({ config, insert, runParts, workspace, log, clock }: CollectorOptions): Promise<Collector> {
  const journal = await openJournal({ ...config.journal, clock });
  const metrics = createMetrics({ journalBytes: () => journal.unwrittenBytes, oldestUnwrittenMs: () => writer.oldestUnwrittenMs });
  metrics.tornBytes.inc(journal.recovery.tornBytes);
  if (journal.recovery.tornBytes > 0)
    log.warn(journal.recovery, "the journal's end was written half when the last process ended; it is cut");
  if (journal.recovery.progressLost)
    log.error("the journal's progress cannot be read; what the journal has is written again and replaces its rows");

  if (journal.recovery.segmentGone)
    log.error("a segment of the journal was removed by another program; what it had may not be in the store");

  const writer = new Writer({ journal, insert, runParts, metrics, log, clock, ...config.batch });
  const acceptance = { journal, metrics, clock };
  const budget = new BodyBudget(config.bodiesBytesMax);
  const otlp = otlpRoutes(acceptance, budget);
  const routes = [
    ...otlp,
    ...langsmithRoutes(acceptance, budget, { store: workspace, clock }, otlp),
    ...healthRoutes(metrics.registry, () => journal.trouble),
  ];
  const listener = await openListener(config.port, routes, log).catch(async (error: unknown) => {
    await writer.end(0);
    await journal[Symbol.asyncDispose]();
    throw error;
  });
  return {
    port: listener.port,
    async end(graceMs) {
      const deadline = clock() + graceMs;
      await listener.close(graceMs / 2);
      await writer.end(Math.max(0, deadline - clock()));
      await journal[Symbol.asyncDispose]();
    },
  };
}

async function openJournal(options: JournalOptions): Promise<Journal> {
  return Journal.open(options).catch((cause: unknown) => {
    if (cause instanceof AppError) throw cause;
    throw new AppError("infrastructure", `The journal in ${options.folder} cannot be opened: ${(cause as Error).message}.`, { cause });
  });
}
