import { mkdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@signalbox/model";
import type { Part, PartState, Step } from "../parts/part.ts";
import { startOrder } from "./startOrder.ts";
import { type NeedsWatch, SupervisedPart, TIMING } from "./supervisedPart.ts";
import { Watchdog } from "./watchdog.ts";

/** Options of a supervisor. */
export interface SupervisorOptions {
  members: readonly (Part | Step)[];
  /** The folder of the parts' logs. */
  logDir: string;
  /** A line for the person at the terminal. */
  note: (line: string) => void;
  /** The parts' states changed. */
  changed: (states: readonly PartState[]) => void;
  /** The parts' timing, if not the default. */
  timing?: typeof TIMING;
}

/**
 * The result of replacing the copies; `part` is where it stopped: it did not
 * become ready, or no other copy of it works, so that it was left as it is.
 */
export type RollOutcome = { kind: "done" } | { kind: "stopping" } | { kind: "not ready" | "only copy"; part: string };

/** The time after a step or a part has failed within which the death of a part that it needs becomes known. */
const DEATH_KNOWN_MS = 1_000;
const LOOK_EVERY_MS = 50;

/** The time after which a running step is interrupted; steps are made to be interruptible. */
const STEP_MS_MAX = 5_000;

/** Starts parts in the order of their needs, each as soon as its own are ready, keeps them alive, and stops them in the opposite order. */
export class Supervisor {
  readonly #waves: readonly (readonly (Part | Step)[])[];
  readonly #parts = new Map<string, SupervisedPart>();
  readonly #watchdog = new Watchdog(() => this.states.flatMap(({ pid }) => pid ?? []));
  readonly #note: SupervisorOptions["note"];
  readonly #steps: Promise<void>[] = [];
  /** Each settles when its part has been stopped. */
  readonly #kept: Promise<void>[] = [];
  readonly #failure = Promise.withResolvers<never>();
  #isStopping = false;

  constructor(options: SupervisorOptions) {
    mkdirSync(options.logDir, { recursive: true, mode: 0o700 });
    this.#waves = startOrder(options.members);
    this.#note = options.note;
    const { logDir, timing = TIMING } = options;
    const listener = {
      note: options.note,
      changed: () => options.changed(this.states),
      forked: (pid: number) => this.#watchdog.watch(pid),
    };
    for (const member of options.members) {
      if (member.kind !== "process") continue;
      this.#parts.set(member.name, new SupervisedPart(member, logDir, { ...listener, watchNeeds: () => this.#watchNeeds(member) }, timing));
    }
    this.#failure.promise.catch(() => {});
  }

  get states(): PartState[] {
    return [...this.#parts.values()].map((part) => part.state);
  }

  /** Rejects when a running part cannot be kept alive. Never resolves. */
  get failure(): Promise<never> {
    return this.#failure.promise;
  }

  /** Starts everything and resolves when all of it is ready. Rejects at the first failure; the caller then stops the rest. */
  async start(): Promise<void> {
    const ready = new Map<string, Promise<void>>();
    for (const member of this.#waves.flat()) {
      const needs = Promise.all(member.needs.map((need) => ready.get(need)));
      ready.set(
        member.name,
        needs.then(() => this.#startMember(member)),
      );
    }
    await Promise.race([Promise.all(ready.values()), this.failure]);
  }

  /** Stops the parts, dependents first. A running step is given a moment to end: it works on parts that are about to go. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.race([Promise.allSettled(this.#steps), sleep(STEP_MS_MAX, undefined, { ref: false })]);
    for (const wave of this.#waves.toReversed()) {
      await Promise.all(wave.map((member) => this.#parts.get(member.name)?.stop()));
    }
    await Promise.all(this.#kept);
    this.#watchdog.end();
  }

  /**
   * Replaces the parts that run in copies by new processes, one at a time, each only when the one
   * before is ready. Copies that were given up are started first, and none is ended before another copy
   * of it works. Stops at the first that does not become ready: the others would have the same problem.
   */
  async roll(): Promise<RollOutcome> {
    const copies = this.#waves.flat().flatMap((member) => {
      const part = this.#parts.get(member.name);
      return member.kind === "step" || member.copyOf === undefined || part === undefined ? [] : [{ member, part }];
    });
    const isLetGo = ({ part }: { part: SupervisedPart }): boolean => part.state.status === "stopped";
    const [letGo, working] = [copies.filter(isLetGo), copies.filter((copy) => !isLetGo(copy))];
    for (const { member, part } of letGo) {
      if (this.#isStopping) return { kind: "stopping" };
      if (!(await this.#startAgain(member, part))) return { kind: "not ready", part: member.name };
    }
    for (const { member, part } of working) {
      if (this.#isStopping) return { kind: "stopping" };
      if (!this.#hasReadyTwin(member)) return { kind: "only copy", part: member.name };
      if (!(await part.replace())) return { kind: "not ready", part: member.name };
    }
    return { kind: "done" };
  }

  /** Kills every part at once. */
  kill(): void {
    this.#isStopping = true;
    for (const part of this.#parts.values()) part.kill();
    this.#watchdog.end();
  }

  async #startMember(member: Part | Step): Promise<void> {
    if (this.#isStopping) throw new AppError("infrastructure", "It was stopped before everything was ready.");
    if (member.kind === "step") {
      const step = this.#runStep(member);
      this.#steps.push(step);
      return step;
    }
    const part = this.#parts.get(member.name);
    if (part === undefined) return;
    this.#keep(member, part);
    await part.firstReady;
  }

  /** Runs a step, repeatedly if a part that it works on dies meanwhile. */
  async #runStep(step: Step): Promise<void> {
    for (;;) {
      const needs = this.#watchNeeds(step);
      try {
        return await step.run();
      } catch (error) {
        if (await needs.haveHeld()) throw error;
        while (!needs.areReady() && !this.#isStopping) await sleep(LOOK_EVERY_MS);
        if (this.#isStopping) throw error;
        this.#note(`The step "${step.name}" is done again: what it works on was started again meanwhile.`);
      }
    }
  }

  #watchNeeds(member: Part | Step): NeedsWatch {
    const needed = this.#partsUnder(member);
    const stateOf = ({ name }: Part): PartState | undefined => this.#parts.get(name)?.state;
    const restarts = (): number => needed.reduce((sum, part) => sum + (stateOf(part)?.restarts ?? 0), 0);
    const areReady = (): boolean => needed.every((part) => stateOf(part)?.status === "ready" || this.#hasReadyTwin(part));
    const [wereReady, restartsBefore] = [areReady(), restarts()];
    const wereAway = (): boolean => !wereReady || !areReady() || restarts() !== restartsBefore;
    return {
      areReady,
      wereAway,
      haveHeld: async () => {
        await sleep(DEATH_KNOWN_MS);
        return !wereAway();
      },
    };
  }

  /** The parts that a member needs, directly or indirectly. */
  #partsUnder({ needs }: Part | Step): Part[] {
    const needed = this.#waves.flat().filter(({ name }) => needs.includes(name));
    return needed.flatMap((member) => [...(member.kind === "process" ? [member] : []), ...this.#partsUnder(member)]);
  }

  #keep(member: Part, part: SupervisedPart): void {
    this.#kept.push(
      part.keepAlive().catch((error) => {
        if (!this.#hasReadyTwin(member)) return this.#failure.reject(error);
        this.#note(`${error.message} Its other copies go on; ./signalbox roll starts it again.`);
      }),
    );
  }

  #startAgain(member: Part, part: SupervisedPart): Promise<boolean> {
    const isReady = part.readyAgain();
    this.#keep(member, part);
    return isReady;
  }

  /** Whether another copy of a part is ready to do its work. */
  #hasReadyTwin({ name, copyOf }: Part): boolean {
    const twins = this.#waves.flat().filter((member) => member.kind === "process" && copyOf !== undefined && member.copyOf === copyOf);
    return twins.some((twin) => twin.name !== name && this.#parts.get(twin.name)?.state.status === "ready");
  }
}
