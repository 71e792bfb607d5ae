import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { machineEnvironment } from "./partEnvironment.ts";

const MAIN = fileURLToPath(import.meta.resolve("./watchdogMain.ts"));

/** The pause before it is restarted, should somebody end it. */
const AGAIN_AFTER_MS = 1_000;

/**
 * Ends the parts that outlive their supervisor, in any case: it is a separate process,
 * since a killed supervisor can do nothing more. It runs from the first part on.
 */
export class Watchdog {
  readonly #living: () => readonly number[];
  #child: ChildProcess | undefined;
  #isOver = false;

  /** `living` returns the process ids of the running parts. */
  constructor(living: () => readonly number[]) {
    this.#living = living;
  }

  /** A part was forked; it leads a process group. */
  watch(pid: number): void {
    if (this.#isOver) return;
    this.#child ??= this.#start();
    this.#report(this.#child, pid);
  }

  /** The parts have ended, so there is nothing left to do. */
  end(): void {
    this.#isOver = true;
    if (this.#child?.connected) this.#child.disconnect();
  }

  /** It leads a group, so that what ends the supervisor at a terminal spares it; and it keeps no process from exiting. */
  #start(): ChildProcess {
    const child = fork(MAIN, {
      env: machineEnvironment(process.env),
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      ...{ detached: true, execArgv: [] },
    });
    child.once("error", () => this.#again(child));
    child.once("exit", () => this.#again(child));
    child.unref();
    child.channel?.unref();
    for (const pid of this.#living()) this.#report(child, pid);
    return child;
  }

  #again(child: ChildProcess): void {
    if (this.#isOver || this.#child !== child) return;
    this.#child = undefined;
    setTimeout(() => {
      if (!this.#isOver) this.#child ??= this.#start();
    }, AGAIN_AFTER_MS).unref();
  }

  /** A watchdog that has just ended hears nothing; the next one gets everything that lives. */
  #report(child: ChildProcess, pid: number): void {
    child.send(pid, () => {});
  }
}
