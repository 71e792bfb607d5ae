import { mkdirSync } from "node:fs";
import { AppError } from "@signalbox/model";
import type { Part, PartState, Step } from "./part.ts";
import { startOrder } from "./startOrder.ts";
import { SupervisedPart } from "./supervisedPart.ts";

/** What a supervisor is made of. */
export interface SupervisorOptions {
  members: readonly (Part | Step)[];
  /** The folder of the parts' logs. */
  logDir: string;
  /** A line for the person at the terminal. */
  note: (line: string) => void;
  /** The parts' states changed. */
  changed: (states: readonly PartState[]) => void;
}

/** Starts parts in the order of their needs, each as soon as its own are ready, keeps them alive, and stops them in the opposite order. */
export class Supervisor {
  readonly #waves: readonly (readonly (Part | Step)[])[];
  readonly #parts = new Map<string, SupervisedPart>();
  readonly #failure = Promise.withResolvers<never>();
  #isStopping = false;

  constructor(options: SupervisorOptions) {
    mkdirSync(options.logDir, { recursive: true, mode: 0o700 });
    this.#waves = startOrder(options.members);
    const listener = { note: options.note, changed: () => options.changed(this.states) };
    for (const member of options.members) {
      if (member.kind === "process") this.#parts.set(member.name, new SupervisedPart(member, options.logDir, listener));
    }
    this.#failure.promise.catch(() => {});
  }

  get states(): PartState[] {
    return [...this.#parts.values()].map((part) => part.state);
  }

  /** Rejects when a part that was running cannot be kept alive. Never resolves. */
  get failure(): Promise<never> {
    return this.#failure.promise;
  }

  /** Starts everything and resolves when all of it is ready. Rejects at the first thing that cannot start; the caller then stops the rest. */
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

  /** Stops the parts, those first that others do not need. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const wave of this.#waves.toReversed()) {
      await Promise.all(wave.map((member) => this.#parts.get(member.name)?.stop()));
    }
  }

  /** Ends every part at once. */
  kill(): void {
    this.#isStopping = true;
    for (const part of this.#parts.values()) part.kill();
  }

  async #startMember(member: Part | Step): Promise<void> {
    if (this.#isStopping) throw new AppError("infrastructure", "It was stopped before everything was ready.");
    if (member.kind === "step") return member.run();
    const part = this.#parts.get(member.name);
    part?.keepAlive().catch((error) => this.#failure.reject(error));
    await part?.firstReady;
  }
}
