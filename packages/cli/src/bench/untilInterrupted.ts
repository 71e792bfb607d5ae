import { AppError } from "@signalbox/model";
import { EXIT, type ExitCode } from "../commandLine/exitCode.ts";
import { onStopRequest } from "../commandLine/stopSignals.ts";

const INTERRUPTED = new AppError("infrastructure", "The benchmark was interrupted.");

/** Runs a benchmark until it is done or a person presses Ctrl-C; its signal then aborts, and what it started can end. */
export async function untilInterrupted(measure: (signal: AbortSignal) => Promise<ExitCode>): Promise<ExitCode> {
  const interrupted = new AbortController();
  using asked = onStopRequest(() => process.exit(EXIT.infrastructure));
  asked.requested.then(() => interrupted.abort(INTERRUPTED));
  const { signal } = interrupted;
  try {
    return await measure(signal);
  } catch (error) {
    // After a cancellation everything in flight fails with it; the reason is what the reader wants to know.
    throw signal.aborted ? signal.reason : error;
  }
}
