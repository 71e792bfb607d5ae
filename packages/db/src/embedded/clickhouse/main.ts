import "./threadPool.ts";
import { setPriority } from "node:os";
import { AppError, endWithParent, FAILURES } from "@signalbox/model";
import { pino } from "pino";
import { loadConfig } from "./config.ts";
import { openStore } from "./store.ts";

/** Merges take every core that they find, and senders wait for the collector: before the engine's threads are made, for they inherit it. */
setPriority(5);

const log = pino({ name: "clickhouse" }, pino.destination({ fd: 2, sync: true }));

try {
  const store = await openStore(loadConfig(process.env), log);
  endWithParent(store.close);
  log.info({ port: store.port, version: store.version }, "the telemetry store is open");
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  process.stderr.write(`${[error.message, error.hint].filter(Boolean).join(" ")}\n`);
  process.exit(FAILURES[error.code].exitCode);
}
