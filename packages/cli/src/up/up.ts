import { portsAt } from "@signalbox/model";
import { EXIT } from "../commandLine/exitCode.ts";
import { onStopRequest } from "../commandLine/stopSignals.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { loopbackUrl } from "../supervisor/parts/parts.ts";
import { openStack } from "../supervisor/stack.ts";
import { ROLL_SIGNAL } from "./rollSignal.ts";

/**
 * The default number of demo tasks, half of them for each domain: enough
 * to see nearly every kind of them, few enough to be done within seconds.
 */
const DEMO_TASKS = 60;

/** The flags of `signalbox up`. Commander turns `--no-demo` into `demo: false`. */
interface UpFlags {
  demo: boolean;
  demoTasks?: number;
}

/** `signalbox up`: everything runs until somebody asks it to end. */
export const up: Act<UpFlags> = async ({ output, env, flags }) => {
  const config = loadConfig(env, flags);
  const startedAt = performance.now();
  using stop = onStopRequest(() => process.exit(EXIT.infrastructure));
  let roll = (): void => {};
  // Until this process exits: the signal would end a process that does not listen, with its parts still to be stopped.
  process.on(ROLL_SIGNAL, () => roll());
  await using stack = await openStack(config, {
    env: { SIGNALBOX_DEMO_TASKS: String(flags.demo ? (flags.demoTasks ?? DEMO_TASKS) : 0) },
    note: (line) => output.note(line),
  });

  output.note(`Signalbox starts in ${config.dataDir} …`);
  await Promise.race([stack.start(), stop.requested]);
  if (!stop.isRequested()) {
    const url = loopbackUrl(portsAt(config.portOffset).console);
    const document = {
      ready: true,
      url,
      dataDir: config.dataDir,
      parts: stack.states(),
      startMs: Math.round(performance.now() - startedAt),
    };
    output.result(document, () => `signalbox ready ${url}`);
    roll = () => void stack.roll();
    await Promise.race([stack.failure, stop.requested]);
  }
  output.note("Signalbox stops …");
  return EXIT.pass;
};
