import { type Random, seededRandom, seedOf } from "@signalbox/evals";

/** How many minutes a rollout lasts in the benchmark; fixed rules look once in each. */
export const MINUTES = 60;
/** How many sessions both arms have together in a minute. */
export const SESSIONS_PER_MINUTE = 200;

/** The first minutes of the second and the third step. */
const STEP_STARTS = [15, 30];
const RAMP = [0.05, 0.25, 0.5];
const CONSTANT = [0.25, 0.25, 0.25];

/** How far the base rate moves, for both arms: with the hour, or down at the second step's start. */
const DRIFT = 0.05;
const STEP_CHANGE = 0.1;

/** How the base rate moves: not at all, with the hour, or down when the second step starts. */
export const MOVES = ["flat", "drift", "step"] as const;
/** How the candidate's share grows: by steps, or not at all. */
export const SHARES = ["ramp", "constant"] as const;

/**
 * A world to try gates in. `base` is the stable version's rate of success before it moves, `effect` is added to the
 * candidate's. `metrics` are that many, alike, and correlated: each session has with a probability of one half the same luck
 * in all of them. `traces` of a session have the same outcome. `crashes` is the share of the candidate's sessions that
 * crash, `stragglers` the share of all sessions in the first minute of a step that are still given as in the step before it.
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

/**
 * A world that differs from the usual one by `changes`: a base rate of 0.8
 * that drifts, one metric, a growing share, and a candidate that is as good.
 */
export const aWorld = (changes: Partial<World>): World => ({
  ...{ base: 0.8, effect: 0, move: "drift", share: "ramp", metrics: 1, crashes: 0, stragglers: 0 },
  ...changes,
});

/** The step, from 0, that a minute is in. */
export const stepAt = (minute: number): number => STEP_STARTS.filter((start) => minute >= start).length;

/** The candidate's share of sessions in a step, 0 to 1. */
export const shareOf = ({ share }: World, step: number): number => (share === "ramp" ? RAMP : CONSTANT)[step] as number;

/** The candidate's share of sessions in a minute, 0 to 1. */
export const shareAt = (world: World, minute: number): number => shareOf(world, stepAt(minute));

const isRate = (rate: number): number => Math.min(1, Math.max(0, rate));

/** The rate of success of each arm in a minute. */
export function ratesAt({ base, effect, move }: World, minute: number): { stable: number; candidate: number } {
  const drift = move === "drift" ? DRIFT * Math.sin((2 * Math.PI * minute) / MINUTES) : 0;
  const change = move === "step" && stepAt(minute) > 0 ? STEP_CHANGE : 0;
  const stable = isRate(base + drift - change);
  return { stable, candidate: isRate(stable + effect) };
}

/**
 * A session of a simulated hour; one object that is used again for each. `step` is that by which it was
 * given to an arm, `successes` has the outcome of each metric, `isScored` is false of one that crashed.
 */
export interface Session {
  isCandidate: boolean;
  isScored: boolean;
  step: number;
  readonly successes: Uint8Array;
}

/** What a simulated hour is told to. */
export interface Listener {
  readonly session: (session: Session, minute: number) => void;
  /** A minute is over; answers whether to go on. */
  readonly minute?: (minute: number) => boolean;
}

/** Simulates an hour. The same cell and number make the same hour, wherever and in whatever order they are run. */
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
