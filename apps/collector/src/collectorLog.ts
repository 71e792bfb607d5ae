import { type Logger, pino } from "pino";

/** The log of the collector's threads. It is synchronous: each line is written before the next statement runs. */
export function collectorLog(level: string): Logger {
  return pino({ name: "collector", level }, pino.destination({ dest: 2, sync: true }));
}
