import type { FeedbackStore } from "@signalbox/db/clickhouse";
import type { RunReader, WorkspaceStore } from "@signalbox/db/langsmith";
import { authenticator, KeyRing, type KeySource, localAllowance } from "@signalbox/listener";
import { AppError } from "@signalbox/model";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import { Journal, type JournalOptions } from "./journal/index.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { agentopsRoutes } from "./receive/agentops/index.ts";
import { trackRoutes } from "./receive/azure/index.ts";
import { Bodies } from "./receive/bodies/index.ts";
import { healthRoutes } from "./receive/healthRoutes.ts";
import { langfuseRoutes } from "./receive/langfuse/index.ts";
import { langsmithRoutes } from "./receive/langsmith/index.ts";
import { type Listener, openListener } from "./receive/listener.ts";
import { openGrpcListener, otlpMethods, patientJournal } from "./receive/otlpGrpc/index.ts";
import { otlpRoutes } from "./receive/otlpHttp/index.ts";
import { openBudgets } from "./receive/readBody.ts";
import { receptionClock } from "./receive/receptionClock.ts";
import { Refusals } from "./receive/refusals.ts";
import { readTlsIdentity } from "./receive/tls/index.ts";
import { RuleBook, type RuleSource, redactWorkspace } from "./rules/index.ts";
import type { RunningWriter } from "./write/index.ts";

/** The parts of a writer: the journal it empties, the rules it applies, and its metrics and log. */
export interface WriterParts {
  journal: Journal;
  rules: RuleBook;
  metrics: Metrics;
  log: Logger;
}

/**
 * The parts of a collector: its limits, the writer that takes its journal into the store, the stores of LangSmith's datasets and sessions,
 * of
 * its runs and feedback, of keys (without it no key is known) and of rules (without it there are none), a logger, and a clock (milliseconds
 * since 1970).
 */
export interface CollectorOptions {
  config: Omit<Config, "logLevel" | "clickhouseUrl" | "handoverFolder" | "databaseUrl" | "clockShiftFile">;
  startWriter: (parts: WriterParts) => RunningWriter | Promise<RunningWriter>;
  workspace: WorkspaceStore;
  runs: RunReader;
  feedback: FeedbackStore;
  keySource?: KeySource | undefined;
  ruleSource?: RuleSource | undefined;
  log: Logger;
  clock: () => number;
}

/**
 * A running collector. `end` takes no more requests and writes the journal to the store for at most `graceMs` milliseconds; the rest waits
 * in the journal for the next start.
 */
export interface Collector {
  port: number;
  grpcPort: number;
  tlsPort: number;
  end(graceMs: number): Promise<void>;
}

/** Opens the journal, resumes writing where the last process stopped, and listens. Throws `AppError` if the machine prevents it. */
export async function startCollector({
  config,
  startWriter,
  workspace,
  runs,
  feedback,
  keySource,
  ruleSource,
  log,
  clock,
}: CollectorOptions): Promise<Collector> {
  const journal = await openJournal({ ...config.journal, clock });
  const oldestUnwrittenMs = (): number | null => (journal.oldestUnwrittenUs === null ? null : journal.oldestUnwrittenUs / 1_000);
  const metrics = createMetrics({
    journalBytes: () => journal.unwrittenBytes,
    waiting: () => journal.waiting,
    oldestUnwrittenMs,
    clock,
  });
  metrics.tornBytes.inc(journal.recovery.tornBytes);
  if (journal.recovery.tornBytes > 0)
    log.warn(journal.recovery, "the journal's end was written half when the last process ended; it is cut");
  if (journal.recovery.progressLost)
    log.error("the journal's progress cannot be read; what the journal has is written again and replaces its rows");

  if (journal.recovery.segmentGone)
    log.error("a segment of the journal was removed by another program; what it had may not be in the store");

  const rules = new RuleBook(ruleSource ?? null, log);
  const writer = await startWriter({ journal, rules, metrics, log });
  const keys = keySource === undefined ? null : new KeyRing(keySource, log, clock);
  const authenticate = authenticator({ keys, isKeyRequired: config.isKeyRequired, allowance: localAllowance(clock), clock });
  const receivedAtUs = receptionClock(clock, journal.newestUs);
  const refusals = new Refusals(journal, clock, receivedAtUs);
  const bodies = new Bodies(log);
  const acceptance = { authenticate, bodies, journal, refusals, metrics, clock, receivedAtUs, paceMsMax: config.paceMsMax };
  const budgets = openBudgets(config.bodiesBytesMax);
  const routes = [
    ...otlpRoutes(acceptance, budgets),
    ...langsmithRoutes(acceptance, budgets, {
      store: redactWorkspace(workspace, rules, metrics),
      runs,
      feedback,
      oldestUnwrittenMs,
      clock,
    }),
    ...langfuseRoutes(acceptance, budgets),
    ...trackRoutes(acceptance, budgets),
    ...agentopsRoutes(acceptance, budgets),
    ...healthRoutes(metrics.registry, () => journal.trouble ?? rules.trouble ?? writer.trouble),
  ];
  const open: Listener[] = [];
  const end = async (graceMs: number): Promise<void> => {
    const deadline = clock() + graceMs;
    await Promise.all(open.map((listener) => listener.close(graceMs / 2)));
    await bodies[Symbol.asyncDispose]();
    await refusals[Symbol.asyncDispose]();
    await writer.end(Math.max(0, deadline - clock()));
    await journal[Symbol.asyncDispose]();
    await keys?.end();
    rules.end();
  };
  // The readiness check starts last.
  try {
    const methods = otlpMethods({ ...acceptance, journal: patientJournal(journal, config.grpcHoldMsMax) });
    const grpc = await openGrpcListener(config.grpcPort, methods, budgets.known, log);
    open.push(grpc);
    const tls = await openListener(config.tlsPort, routes, log, await readTlsIdentity(config.tls, clock()));
    open.push(tls);
    const http = await openListener(config.port, routes, log);
    open.push(http);
    return { port: http.port, grpcPort: grpc.port, tlsPort: tls.port, end };
  } catch (error) {
    await end(0);
    throw error;
  }
}

async function openJournal(options: JournalOptions): Promise<Journal> {
  return Journal.open(options).catch((cause: unknown) => {
    if (cause instanceof AppError) throw cause;
    throw new AppError("infrastructure", `The journal in ${options.folder} cannot be opened: ${(cause as Error).message}.`, { cause });
  });
}
