import { fork } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { AppError } from "@signalbox/model";
import type { LoadReport } from "../loadgen/loadReport.ts";

const MAIN = fileURLToPath(import.meta.resolve("../main.ts"));

/**
 * Runs `signalbox loadgen` in a separate process, as anyone would, and
 * returns its report. When the signal aborts it ends with the figures so far.
 */
export async function runLoadgen(flags: Readonly<Record<string, string | number>>, signal: AbortSignal): Promise<LoadReport> {
  const args = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = fork(MAIN, ["loadgen", ...args, "--json"], { stdio: ["ignore", "pipe", "pipe", "ipc"], execArgv: [] });
  const stop = (): boolean => child.kill("SIGINT");
  signal.addEventListener("abort", stop, { once: true });
  try {
    const [stdout, stderr] = await Promise.all([wordsOf(child.stdout), wordsOf(child.stderr), once(child, "exit")]);
    const report: LoadReport | { error: { message: string } } | undefined = stdout === "" ? undefined : JSON.parse(stdout);
    if (report !== undefined && !("error" in report)) return report;
    throw new AppError("infrastructure", `The generator of load failed: ${report?.error.message ?? stderr}`);
  } finally {
    signal.removeEventListener("abort", stop);
    child.kill("SIGKILL");
  }
}

async function wordsOf(stream: Readable | null): Promise<string> {
  return stream === null ? "" : text(stream);
}
