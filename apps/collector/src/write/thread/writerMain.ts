import { parentPort, workerData } from "node:worker_threads";
import { createClickHouse, createRunPartStore, insertTelemetry, openHandover } from "@signalbox/db/clickhouse";
import { collectorLog } from "../../collectorLog.ts";
import { RulesInForce } from "../../rules/index.ts";
import { Writer } from "../writer.ts";
import { DistantJournal } from "./distantJournal.ts";
import { DistantMetrics } from "./distantMetrics.ts";
import { DistantRules } from "./distantRules.ts";
import type { FromWriter, ToWriter, WriterStart } from "./messages.ts";

// The writer's thread: it turns durable journal records into columns and inserts them into the store.

const port = parentPort;
if (port === null) throw new Error("this is the writer's thread, not a program");
const start = workerData as WriterStart;

const counters = new DistantMetrics(() => setImmediate(() => post(null)));
const journal = new DistantJournal(start.journal, post);
const rules = new DistantRules(start.rules);
const log = collectorLog(start.logLevel);
const clickhouse = createClickHouse(start.clickhouseUrl);
const handover = start.handoverFolder === undefined ? undefined : openHandover(start.handoverFolder);
const writer = new Writer({
  journal,
  insert: (insert) => insertTelemetry(clickhouse, insert, handover),
  runParts: createRunPartStore(clickhouse),
  rules,
  rulesInForce: await RulesInForce.open(start.journal.folder, log),
  metrics: counters.metrics,
  log,
  ...start.batch,
});

port.on("message", (message: ToWriter) => {
  if (message.kind === "rules") rules.change(message.rules);
  else if (message.kind === "end") void end(message.graceMs);
  else journal.told(message);
});

/** Sends `message`, preceded by the latest counts: whoever learns that a range is stored finds its rows in the metrics. */
function post(message: FromWriter | null): void {
  const counted = counters.take();
  if (counted.length > 0) port?.postMessage({ kind: "counted", counted } satisfies FromWriter);
  if (message !== null) port?.postMessage(message);
}

async function end(graceMs: number): Promise<void> {
  await writer.end(graceMs);
  await clickhouse.close();
  post(null);
  // Exits explicitly, since waiting for the next batch leaves a timer behind.
  process.exit();
}
