import { advance, look, startGate, unitBlocks } from "@signalbox/evals";

import { CanaryPolicy, type Exposure, type UnitEvent } from "@signalbox/model";
import { MARGIN, STEPS } from "./ourGate.ts";
import { SESSIONS_PER_MINUTE, type Session, shareOf, stepAt, type World } from "./world.ts";

const MINUTE_MS = 60_000;
const SCORED_AFTER_MS = 1_000;
const DEAD_AFTER_MS = 30_000;

/** The interval at which the stores are read again, and the interval of sessions that are reported twice. */
const READ_EVERY_MINUTES = 10;
const TOLD_TWICE_EVERY = 20;

const POLICY = CanaryPolicy.parse({
  steps: STEPS,
  onMissing: { scoringLag: "1m" },
  metrics: [
    { name: "metric_0", role: "guardrail", kind: "binary", nonInferiorityMargin: MARGIN },
    { name: "dlq", role: "guardrail", kind: "count" },
  ],
});

/**
 * The product's whole path from the content of the stores to a verdict: exposures and events,
 * blocks of units, evidence, a look. Every session is scored; one that crashed (`isScored` is
 * false) becomes a dead letter after its score. `exposed` counts the candidate's sessions.
 */
export class EndToEndGate {
  readonly #world: World;
  readonly #exposures: Exposure[] = [];
  readonly #events: UnitEvent[] = [];
  #state = startGate(POLICY);
  exposed = 0;
  /** The number of the candidate's exposed sessions when a look rolled back by evidence; null while none has. */
  rolledBackAt: number | null = null;

  constructor(world: World) {
    this.#world = world;
  }

  add({ isCandidate, isScored, step, successes }: Session, minute: number): void {
    const number = this.#exposures.length;
    const unit = `session-${number}`;
    const at = minute * MINUTE_MS + ((number % SESSIONS_PER_MINUTE) * MINUTE_MS) / SESSIONS_PER_MINUTE;
    if (isCandidate) this.exposed += 1;
    this.#exposures.push({ unit, arm: isCandidate ? "candidate" : "stable", step, share: shareOf(this.#world, step), at });
    this.#events.push({ kind: "value", unit, metric: "metric_0", value: successes[0] as number, at: at + SCORED_AFTER_MS });
    if (!isScored) this.#events.push({ kind: "dead", unit, at: at + DEAD_AFTER_MS });
    this.#events.push({ kind: "value", unit, metric: "dlq", value: isScored ? 0 : 1, at: at + DEAD_AFTER_MS });
    if (number % TOLD_TWICE_EVERY === 0) this.#events.push(...this.#events.slice(-1));
  }

  /** Ends a minute; returns whether to go on. */
  read(minute: number): boolean {
    if ((minute + 1) % READ_EVERY_MINUTES !== 0) return true;
    const { blocks } = unitBlocks(this.#exposures, this.#events, POLICY, (minute + 1) * MINUTE_MS);
    for (const block of blocks.slice(this.#state.blocks)) this.#state = advance(this.#state, block, POLICY);
    const { kind, grounds } = look(this.#state, POLICY, { step: stepAt(minute) });
    if (kind === "rollback" && grounds === "evidence") this.rolledBackAt ??= this.exposed;
    return this.rolledBackAt === null;
  }
}
