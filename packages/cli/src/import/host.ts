import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@signalbox/model";
import type { CommandOutput } from "../commandLine/commandOutput.ts";
import type { Config } from "../config.ts";
import { partRows } from "../supervisor/parts/parts.ts";
import { openStack, runningStack } from "../supervisor/stack.ts";
import { type RunState, readRunState } from "../supervisor/stateFile.ts";
import { type StoreUrls, storeUrls } from "../supervisor/stores/stores.ts";

/** The time within which a starting Signalbox must become ready. */
const READY_MS_MAX = 60_000;

/**
 * The Signalbox that a command works with. `failure` rejects if one of our own
 * cannot be kept alive; disposing stops it if it was started for the command.
 */
export interface Host extends AsyncDisposable {
  portOffset: number;
  stores: StoreUrls;
  failure: Promise<never>;
}

const NEVER: Promise<never> = new Promise(() => {});

/** Throws if the running Signalbox has an external store that this command's settings do not name. */
function requireSameStores({ parts }: RunState, { stores }: Config): void {
  for (const { name, replacedBy } of partRows({ stores: {} })) {
    const isOutside = !parts.some((part) => part.name === name);
    if (replacedBy === undefined || !isOutside || stores[replacedBy] !== undefined) continue;
    throw new AppError("infrastructure", `The Signalbox that runs here was started with ${replacedBy}, and this command was not.`, {
      hint: `Set ${replacedBy} as it was set for \`./signalbox up\`.`,
    });
  }
}

/** The Signalbox that already runs on the data folder, at its own ports. */
async function runningHost(config: Config, signal: AbortSignal): Promise<Host> {
  const deadline = performance.now() + READY_MS_MAX;
  for (;;) {
    const state = readRunState(config.dataDir);
    if (state?.ready === true) {
      requireSameStores(state, config);
      const { portOffset } = state;
      return { portOffset, stores: storeUrls({ ...config, portOffset }), failure: NEVER, [Symbol.asyncDispose]: async () => {} };
    }
    if (performance.now() > deadline || runningStack(config.dataDir) === undefined) {
      throw new AppError("upstream_unavailable", `The Signalbox on the data folder ${config.dataDir} is not ready.`, {
        hint: "`./signalbox status` shows what is wrong.",
      });
    }
    await sleep(100, undefined, { signal });
  }
}

/** Finds the Signalbox of the data folder, or starts one for the duration of the command: without console and demo. */
export async function openHost(config: Config, output: CommandOutput, signal: AbortSignal): Promise<Host> {
  if (runningStack(config.dataDir) !== undefined) return runningHost(config, signal);

  output.note(`No Signalbox is running on ${config.dataDir}: one is started for this import and stopped after it.`);
  const stack = await openStack(config, { without: ["console"], env: { SIGNALBOX_DEMO_TASKS: "0" }, note: (line) => output.note(line) });
  try {
    const called = Promise.withResolvers<never>();
    signal.addEventListener("abort", () => called.reject(signal.reason), { once: true });
    await Promise.race([stack.start(), called.promise]);
  } catch (error) {
    await stack[Symbol.asyncDispose]();
    throw error;
  }
  const { portOffset } = config;
  return { portOffset, stores: storeUrls(config), failure: stack.failure, [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose]() };
}
