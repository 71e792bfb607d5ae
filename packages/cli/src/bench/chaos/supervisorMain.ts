import { EXIT } from "../../commandLine/exitCode.ts";
import { describeFailure } from "../../commandLine/failure.ts";
import { onStopRequest } from "../../commandLine/stopSignals.ts";
import { loadConfig } from "../../config.ts";
import { openStack } from "../../supervisor/stack.ts";

/** Runs what `up` does, without the console and its output. It ends with its parent. */
async function supervise(): Promise<void> {
  using stop = onStopRequest(() => process.exit(EXIT.infrastructure));
  await using stack = await openStack(loadConfig(process.env), { without: ["console"], note: () => {} });
  await Promise.race([stack.start().then(() => stack.failure), stop.requested]);
}

try {
  await supervise();
  process.exit(EXIT.pass);
} catch (error) {
  process.stderr.write(`${describeFailure(error).message}\n`);
  process.exit(EXIT.infrastructure);
}
