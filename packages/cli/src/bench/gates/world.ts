import { seededRandom, seedOf } from "@signalbox/evals";
import type { Random } from "@signalbox/model";

/** The length of a rollout in the benchmark, in minutes; fixed rules look once in each. */
export const MINUTES = 60;
/** The number of sessions of both arms together per minute. */
export const SESSIONS_PER_MINUTE = 200;

/** The first minutes of the second and the third step. */
const STEP_STARTS = [15, 30];
const RAMP = [0.05, 0.25, 0.5];
const CONSTANT = [0.25, 0.25, 0.25];

/** The amplitude of the base rate's moves, for both arms. */
const DRIFT = 0.05;
const STEP_CHANGE = 0.1;

/** The moves of the base rate: none, with the hour, or down when the second step starts. */
export const MOVES = ["flat", "drift", "step"] as const;
/** The candidate's share: growing in steps, or constant. */
export const SHARES = ["ramp", "constant"] as const;

/**
 * A world in which gates are tried. `base` is the stable version's success rate before it moves, `effect` is added to the
 * candidate's. `metrics` is the number of equal, correlated metrics: with probability one half a session has the same luck
 * in all of them. All `traces` of a session have the same outcome. `crashes` is the share of the candidate's sessions that
 * crash, `stragglers` the share of all sessions that, in the first minute of a step, are still assigned by the previous one.
 */
export interface World {
  readonly base: number;
  readonly effect: number;
  readonly move: (typeof MOVES)[number];
  readonly share: (typeof SHARES)[number];
  readonly metrics: number;
  readonly crashes: number;
  readonly stragglers: number;
}

/** The usual world with `changes`: a base rate of 0.8 that drifts, one metric, a growing share, and an equal candidate. */
export const aWorld = (changes: Partial<World>): World => ({
  ...{ base: 0.8, effect: 0, move: "drift", share: "ramp", metrics: 1, crashes: 0, stragglers: 0 },
  ...changes,
});

/** The step, from 0, of a minute. */
export const stepAt = (minute: number): number => STEP_STARTS.filter((start) => minute >= start).length;

/** The candidate's share of sessions in a step, 0 to 1. */
export const shareOf = ({ share }: World, step: number): number => (share === "ramp" ? RAMP : CONSTANT)[step] as number;

/** The candidate's share of sessions in a minute, 0 to 1. */
export const shareAt = (world: World, minute: number): number => shareOf(world, stepAt(minute));

const isRate = (rate: number): number => Math.min(1, Math.max(0, rate));

/** The success rate of each arm in a minute. */
export function ratesAt({ base, effect, move }: World, minute: number): { stable: number; candidate: number } {
  const drift = move === "drift" ? DRIFT * Math.sin((2 * Math.PI * minute) / MINUTES) : 0;
  const change = move === "step" && stepAt(minute) > 0 ? STEP_CHANGE : 0;
  const stable = isRate(base + drift - change);
  return { stable, candidate: isRate(stable + effect) };
}

/**
 * A session of a simulated hour; one object is reused for all. `step` is the one by which it was assigned
 * to an arm, `successes` has the outcome of each metric, `isScored` is false for one that crashed.
 */
export interface Session {
  isCandidate: boolean;
  isScored: boolean;
  step: number;
  readonly successes: Uint8Array;
}

/** The callbacks of a simulated hour. */
export interface Listener {
  readonly session: (session: Session, minute: number) => void;
  /** Called at the end of a minute; returns whether to go on. */
  readonly minute?: (minute: number) => boolean;
}

/** Simulates an hour. The same cell and number give the same hour, wherever and in whatever order they are run. */
export function simulateHour(world: World, cell: number, number: number, { session: tell, minute: over = () => true }: Listener): void {
  const random: Random = seededRandom(seedOf(cell, number));
  const session: Session = { isCandidate: false, isScored: true, step: 0, successes: new Uint8Array(world.metrics) };
  for (let minute = 0; minute < MINUTES; minute += 1) {
    const rates = ratesAt(world, minute);
    for (let arrival = 0; arrival < SESSIONS_PER_MINUTE; arrival += 1) {
      const isStraggler = world.stragglers > 0 && random() < world.stragglers;
      session.step = stepAt(isStraggler ? Math.max(0, minute - 1) : minute);
      session.isCandidate = random() < shareOf(world, session.step);
      session.isScored = !(session.isCandidate && world.crashes > 0 && random() < world.crashes);
      const rate = session.isCandidate ? rates.candidate : rates.stable;
      const luck = random();
      for (let metric = 0; metric < world.metrics; metric += 1) {
        const own = metric === 0 || random() < 0.5 ? luck : random();
        session.successes[metric] = own < rate ? 1 : 0;
      }
      tell(session, minute);
    }
    if (!over(minute)) return;
  }
}
