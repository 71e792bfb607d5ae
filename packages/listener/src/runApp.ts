import { AppError, FAILURES } from "@signalbox/model";

/**
 * Runs an app's start. A failure that has a name ends the process with its sentence and exit code; any other is a defect of ours and
 * keeps its stack.
 */
export async function runApp(start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    process.stderr.write(`${[error.message, error.hint].filter(Boolean).join(" ")}\n`);
    process.exit(FAILURES[error.code].exitCode);
  }
}
