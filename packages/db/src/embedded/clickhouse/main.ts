import "./engine/threadPool.ts";
import { AppError, endWithParent, FAILURES } from "@signalbox/model";
import { pino } from "pino";
import { loadConfig } from "./config.ts";
import { openStore } from "./store.ts";

/**
 * Exits without the engine's own cleanup, which waits for every statement that cannot be interrupted, and was seen to wait
 * for ever. Nothing needs it: whatever was answered is on disk, and the next start clears away the rest, as after any kill.
 */
const leaveAtOnce = (): void => {
  process.kill(process.pid, "SIGKILL");
};

const log = pino({ name: "clickhouse" }, pino.destination({ fd: 2, sync: true }));

try {
  const opening = openStore(loadConfig(process.env), log);
  endWithParent(async () => (await opening).close(), leaveAtOnce);
  const store = await opening;
  log.info({ port: store.port, version: store.version }, "the telemetry store is open");
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  process.stderr.write(`${[error.message, error.hint].filter(Boolean).join(" ")}\n`);
  process.exit(FAILURES[error.code].exitCode);
}
