import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { closeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError, errorMessage } from "@signalbox/model";
import { EXIT } from "../../commandLine/exitCode.ts";
import type { Part, PartState } from "../parts/part.ts";
import { killGroup } from "./killGroup.ts";
import { partEnvironment } from "./partEnvironment.ts";
import { lastWords, openPartLog, setLogAside } from "./partLog.ts";
import { untilReady } from "./readiness.ts";
import { type Death, judgeDeath } from "./restartPolicy.ts";

/** The time after which a part that was asked to end is killed; it should take at most 4 s. */
const STOP_MS_MAX = 6_000;

/** The supervisor's intervals and limits, in milliseconds. */
export const TIMING = {
  /** A part that is not ready by then may just need its time, or hang: the person at the terminal is told, with the place of its log. */
  patienceMs: 30_000,
  /** The interval at which the size of its log is checked. */
  logCheckEveryMs: 60_000,
};

/** How often a part that waits for what it needs looks whether that is there, in milliseconds. */
const LOOK_EVERY_MS = 50;

/** How a run of a part ended; for `readyMs` milliseconds it had been ready, null if it never was. */
interface RunEnd {
  readyMs: number | null;
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  words: string | undefined;
}

/**
 * The parts that a member needs, since the watch began: whether they are ready now, where of copies one is enough; whether any
 * was away or was started again, as far as is known; and, once that would be known, whether all of them were ready throughout.
 */
export interface NeedsWatch {
  areReady: () => boolean;
  wereAway: () => boolean;
  haveHeld: () => Promise<boolean>;
}

/** The callbacks of a supervised part. */
interface PartListener {
  /** Its state has changed. */
  changed: () => void;
  /** It has a process with this id, which leads a group. */
  forked: (pid: number) => void;
  /** A line for the person at the terminal. */
  note: (line: string) => void;
  /** Begins to watch what it needs. */
  watchNeeds: () => NeedsWatch;
}

const wordsOf = ({ words }: RunEnd): string => (words === undefined ? "" : `: ${words}`);

/** Kills a child and everything it started: it leads a process group of its own. */
function killWhole({ pid }: ChildProcess): void {
  if (pid !== undefined) killGroup(pid);
}

/** Asks a process to end, waits, and kills what is left of it. */
async function endProcess(child: ChildProcess): Promise<void> {
  child.kill("SIGTERM");
  await once(child, "exit", { signal: AbortSignal.timeout(STOP_MS_MAX) }).catch(() => {});
  killWhole(child);
}

/** One part through all its deaths: started, watched until ready, restarted when it dies, stopped in the end. */
export class SupervisedPart {
  readonly #part: Part;
  readonly #logPath: string;
  readonly #listener: PartListener;
  readonly #timing: typeof TIMING;
  readonly #firstReady = Promise.withResolvers<void>();
  readonly #stopping = new AbortController();
  #state: PartState;
  #child: ChildProcess | undefined;
  /** The process that is being replaced: its end is not a death. */
  #leaving: ChildProcess | undefined;
  #nextReady: PromiseWithResolvers<boolean> | undefined;

  constructor(part: Part, logDir: string, listener: PartListener, timing: typeof TIMING) {
    this.#part = part;
    this.#logPath = join(logDir, `${part.name}.log`);
    this.#listener = listener;
    this.#timing = timing;
    this.#state = { name: part.name, status: "waiting", pid: undefined, port: part.port, restarts: 0 };
    this.#firstReady.promise.catch(() => {});
  }

  get state(): PartState {
    return this.#state;
  }

  /** Resolves when the part is ready for the first time; rejects if it is stopped or given up before. */
  get firstReady(): Promise<void> {
    return this.#firstReady.promise;
  }

  /** Keeps the part alive until `stop`. Rejects when it cannot be kept alive. */
  async keepAlive(): Promise<void> {
    const deaths: Death[] = [];
    try {
      while (!this.#stopping.signal.aborted) {
        const needs = this.#listener.watchNeeds();
        const end = await this.#runOnce();
        if (this.#stopping.signal.aborted) break;
        if (this.#wasReplaced()) {
          deaths.push({ at: performance.now(), readyMs: end.readyMs ?? 0, wasKilled: false });
          continue;
        }
        if (end.readyMs === null && end.signal === null && needs.wereAway()) {
          await this.#awaitNeeds(end, needs);
          continue;
        }
        deaths.push({ at: performance.now(), readyMs: end.readyMs, wasKilled: end.signal === "SIGKILL" });
        await this.#prepareRestart(end, deaths, needs);
      }
      this.#change({ status: "stopped" });
      this.#firstReady.reject(new AppError("infrastructure", `The ${this.#part.name} was stopped before it was ready.`));
    } catch (error) {
      this.#change({ status: "stopped" });
      this.#nextReady?.resolve(false);
      this.#firstReady.reject(error);
      throw error;
    }
  }

  /** Asks the part to end, waits, and kills what is left of it. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#nextReady?.resolve(false);
    if (this.#child !== undefined) await endProcess(this.#child);
  }

  /** Replaces the process by another one; returns whether that became ready within `patienceMs`. */
  async replace(): Promise<boolean> {
    const isReady = this.readyAgain();
    this.#leaving = this.#child;
    if (this.#leaving !== undefined) await endProcess(this.#leaving);
    return isReady;
  }

  /** Resolves to true when the part next becomes ready, or to false when that takes too long. */
  readyAgain(): Promise<boolean> {
    const next = Promise.withResolvers<boolean>();
    this.#nextReady = next;
    const patience = setTimeout(() => next.resolve(false), STOP_MS_MAX + this.#timing.patienceMs);
    next.promise.then(() => clearTimeout(patience));
    return next.promise;
  }

  #wasReplaced(): boolean {
    const wasReplaced = this.#leaving !== undefined;
    this.#leaving = undefined;
    return wasReplaced;
  }

  /** Kills the part and whatever it started, at once. */
  kill(): void {
    this.#stopping.abort();
    if (this.#child !== undefined) killWhole(this.#child);
  }

  #change(change: Partial<PartState>): void {
    this.#state = { ...this.#state, ...change };
    this.#listener.changed();
  }

  /**
   * The child leads a process group of its own: Ctrl-C at the terminal reaches only the supervisor, which then stops the parts in order.
   */
  #fork(logFd: number): ChildProcess {
    return fork(this.#part.entry, {
      env: partEnvironment(this.#part, process.env),
      stdio: ["ignore", logFd, logFd, "ipc"],
      detached: true,
      execArgv: [],
    });
  }

  async #runOnce(): Promise<RunEnd> {
    const { fd, from: begin } = openPartLog(this.#logPath);
    const child = this.#fork(fd);
    closeSync(fd);
    this.#child = child;
    if (child.pid !== undefined) this.#listener.forked(child.pid);
    this.#change({ status: this.#state.status === "waiting" ? "starting" : "restarting", pid: child.pid });

    const ended = new AbortController();
    const exit = new Promise<Pick<RunEnd, "exitCode" | "signal">>((resolve) => {
      child.once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
      child.once("error", () => resolve({ exitCode: null, signal: null }));
    });
    exit.then(() => ended.abort());

    const { patienceMs, logCheckEveryMs } = this.#timing;
    const impatience = setTimeout(() => {
      this.#listener.note(`The ${this.#part.name} is not ready after ${patienceMs / 1000} s; its log: ${this.#logPath}`);
    }, patienceMs);
    let from = begin;
    const logChecks = setInterval(() => {
      if (this.#keepLogSmall()) from = 0;
    }, logCheckEveryMs);
    const wasReady = await untilReady(this.#part, ended.signal);
    clearTimeout(impatience);
    const readyAt = performance.now();
    if (wasReady && !ended.signal.aborted) {
      this.#change({ status: "ready" });
      this.#firstReady.resolve();
      this.#nextReady?.resolve(true);
    }
    const how = await exit;
    clearInterval(logChecks);
    // A signal comes from outside: the part's last words were about something else.
    const readyMs = wasReady ? performance.now() - readyAt : null;
    const end = { readyMs, ...how, words: how.signal === null ? lastWords(this.#logPath, from) : undefined };
    this.#child = undefined;
    this.#change({ pid: undefined });
    return end;
  }

  /** Rotates the running part's log when it is large. Where that fails (a full disk) it is retried at the next check. */
  #keepLogSmall(): boolean {
    try {
      return setLogAside(this.#logPath);
    } catch (error) {
      this.#listener.note(`The log ${this.#logPath} is large and cannot step aside: ${errorMessage(error)}`);
      return false;
    }
  }

  /** Waits until what the part needs is there again. Its own end is no death: no start could have succeeded. */
  async #awaitNeeds(end: RunEnd, needs: NeedsWatch): Promise<void> {
    this.#tellRestart(end);
    do await sleep(LOOK_EVERY_MS);
    while (!needs.areReady() && !this.#stopping.signal.aborted);
  }

  /** Waits as the policy says, or throws when the part is given up. */
  async #prepareRestart(end: RunEnd, deaths: readonly Death[], needs: NeedsWatch): Promise<void> {
    const { name } = this.#part;
    // Messages after a kill may be about that, and those after the death of what it needs about that death.
    const isFirstWord = !deaths.some((death) => death.readyMs !== null || death.wasKilled);
    if (isFirstWord && (end.exitCode === EXIT.infrastructure || end.exitCode === EXIT.usage) && (await needs.haveHeld()))
      throw this.#givenUp(end.words ?? `The ${name} cannot start`);

    const decision = judgeDeath(deaths);
    if (decision.kind === "give_up") throw this.#givenUp(`The ${name} is given up, ${decision.reason}${wordsOf(end)}`);
    this.#tellRestart(end);
    await sleep(decision.delayMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
  }

  #tellRestart(end: RunEnd): void {
    const how = end.signal === null ? `ended with exit code ${end.exitCode}` : `was ended by ${end.signal}`;
    this.#listener.note(`The ${this.#part.name} ${how}${wordsOf(end)}; it is started again.`);
    this.#change({ status: "restarting", restarts: this.#state.restarts + 1 });
  }

  #givenUp(sentence: string): AppError {
    return new AppError("infrastructure", sentence.replace(/\.?$/, "."), {
      hint: `The log of the ${this.#part.name}: ${this.#logPath}`,
    });
  }
}
