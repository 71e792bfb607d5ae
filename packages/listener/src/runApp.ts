import { AppError, endWithParent, FAILURES } from "@signalbox/model";

/**
 * Runs an app until this process should stop: `start` resolves to its close function. Signals are handled
 * from the beginning, since a start may take longer than a child may outlive its parent. A named failure
 * ends the process with its message and exit code; any other is a defect of ours and keeps its stack.
 */
export async function runApp(start: () => Promise<() => Promise<void>>): Promise<void> {
  const starting = start();
  endWithParent(async () => (await starting)());
  try {
    await starting;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    process.stderr.write(`${[error.message, error.hint].filter(Boolean).join(" ")}\n`);
    process.exit(FAILURES[error.code].exitCode);
  }
}
