import { advance, BlockTally, eValueOf, type GateState, harmEvidence, type LivePolicy, startGate } from "@signalbox/evals";
import { CanaryPolicy } from "@signalbox/model";
import { MINUTES, type Session, shareAt, stepAt, type World } from "./world.ts";

/** The largest probability, over a whole rollout, of rolling back by evidence a candidate that is no worse. */
export const ALPHA = 0.05;
/** The largest probability, over a whole rollout, of promoting a candidate that is worse by the margin. */
export const BETA = 0.05;
/** The tolerated loss of the success rate against the stable version: 5 points. */
export const MARGIN = 0.05;

/** The steps of every policy here. */
export const STEPS = [
  { setWeight: 5, minUnits: 100 },
  { setWeight: 25, minUnits: 300 },
  { setWeight: 50, minUnits: 1_000 },
];

/** A policy with this many equal guardrails, and the benchmark's steps. */
export function policyOf(metrics: number): LivePolicy {
  const guardrail = { role: "guardrail", kind: "binary", nonInferiorityMargin: MARGIN } as const;
  return CanaryPolicy.parse({
    ...{ steps: STEPS, rollback: { alpha: ALPHA }, promote: { beta: BETA } },
    metrics: Array.from({ length: metrics }, (_, index) => ({ name: `metric_${index}`, ...guardrail })),
  });
}

/** The largest probability, over a whole rollout, of calling a correct split wrong. */
export const SPLIT_ALPHA = 0.001;

/** A policy with one counting metric. */
export const DEAD_LETTERS = CanaryPolicy.parse({
  ...{ steps: STEPS, srm: { alpha: SPLIT_ALPHA } },
  metrics: [{ name: "dlq", role: "guardrail", kind: "count" }],
});

/**
 * The product's gate on simulated sessions, with a look after every block:
 * between blocks no look could differ. `exposed` counts the candidate's sessions.
 */
export class OurGate {
  readonly #policy: LivePolicy;
  readonly #names: { means: string[]; counts: string[] };
  readonly #world: World;
  #state: GateState;
  #block: BlockTally | undefined;
  #step = 0;
  exposed = 0;
  /** The number of the candidate's exposed sessions when the evidence rolled back; null while it has not. */
  rolledBackAt: number | null = null;
  /** Whether some look would have found every guardrail safe. */
  wasSafe = false;

  constructor(world: World, policy: LivePolicy) {
    this.#policy = policy;
    this.#world = world;
    this.#names = { means: policy.metrics.map(({ name }) => name), counts: [] };
    this.#state = startGate(policy);
  }

  /** Adds one reported session. */
  add({ isCandidate, successes }: Session, minute: number): void {
    const step = stepAt(minute);
    if (step !== this.#step) this.#close();
    this.#step = step;
    this.#block ??= new BlockTally(this.#names, step, shareAt(this.#world, Math.min(minute, MINUTES - 1)));
    const block = this.#block;
    const arm = isCandidate ? "candidate" : "stable";
    if (isCandidate) this.exposed += 1;
    block.countUnit(arm);
    for (let metric = 0; metric < successes.length; metric += 1) block.addGoodness(metric, arm, successes[metric] as number);
    if (block.isFull) this.#close();
  }

  #close(): void {
    if (this.#block === undefined || this.#block.isEmpty) return;
    this.#state = advance(this.#state, this.#block.close(), this.#policy);
    this.#block = undefined;
    if (this.rolledBackAt === null && harmEvidence(this.#state, this.#policy) >= 1 / ALPHA) this.rolledBackAt = this.exposed;
    this.wasSafe ||= this.#names.means.every((name) => eValueOf(this.#state.means[name]?.safety ?? []) >= 1 / BETA);
  }
}
