import { setImmediate } from "node:timers/promises";
import {
  askDrop,
  dropSentence,
  type Forecast,
  forecastOf,
  type LivePolicy,
  playRollout,
  type SimulatedRollout,
  type SimulatedTraffic,
} from "@signalbox/evals";
import { AppError } from "@signalbox/model";

/** The units after which an unfinished simulated rollout is given up: other requests wait while it runs. */
const UNITS_MAX = 200_000;

/**
 * The input of a simulation: `sims` rollouts of a candidate that is worse
 * by `drop` in `metric`, and as many of an equal one; see `DropQuestion`.
 */
export interface DropSimulation {
  readonly unit: "session" | "user";
  readonly unitsPerHour: number;
  readonly hoursMax: number;
  readonly metric?: string | undefined;
  readonly drop?: number | undefined;
  readonly means: { readonly [metric: string]: number };
  readonly sims: number;
  readonly seed: number;
}

/** The results for one kind of candidate: the forecast, and each rollout. */
interface CandidateFared {
  readonly forecast: Forecast;
  readonly rollouts: readonly Pick<SimulatedRollout, "kind" | "candidateUnits">[];
}

/**
 * The result of a simulation, first in a sentence. `sims` is the number of rollouts of
 * each candidate that time allowed, `hoursMax` the time after which they were given up.
 */
interface DropFound {
  readonly sentence: string;
  readonly metric: string;
  readonly drop: number;
  readonly means: SimulatedTraffic["means"];
  readonly hoursMax: number;
  readonly sims: number;
  readonly worse: CandidateFared;
  readonly equal: CandidateFared;
}

/** The interval, in milliseconds, at which other requests get a turn. */
const TURN_MS = 20;

/**
 * Simulates rollouts, giving other requests their turns. Ends early, with a partial result, after `msMax` milliseconds;
 * throws `timed_out` where not even one rollout of each candidate was over by then, and when `signal` cancels it.
 */
export async function simulateDrop(
  policy: LivePolicy,
  question: DropSimulation,
  { signal, now, msMax }: { signal: AbortSignal | undefined; now: () => number; msMax: number },
): Promise<DropFound> {
  const hoursMax = Math.min(question.hoursMax, UNITS_MAX / question.unitsPerHour);
  const asked = askDrop(policy, { ...question, hoursMax });
  const ends = now() + msMax;
  const play = async (traffic: SimulatedTraffic, number: number): Promise<SimulatedRollout | null> => {
    const rollout = playRollout(policy, traffic, question.seed, number);
    let turnEnds = now() + TURN_MS;
    for (;;) {
      const block = rollout.next();
      if (block.done === true) return block.value;
      if (now() < turnEnds) continue;
      await setImmediate();
      if (signal?.aborted === true) throw new AppError("timed_out", "The simulation was called off.");
      if (now() >= ends) return null;
      turnEnds = now() + TURN_MS;
    }
  };
  const [worse, equal]: [SimulatedRollout[], SimulatedRollout[]] = [[], []];
  while (worse.length < question.sims && (worse.length === 0 || now() < ends)) {
    await setImmediate();
    if (signal?.aborted === true) throw new AppError("timed_out", "The simulation was called off.");
    const [oneWorse, oneEqual] = [await play(asked.worse, worse.length), await play(asked.equal, worse.length)];
    if (oneWorse === null || oneEqual === null) break;
    worse.push(oneWorse);
    equal.push(oneEqual);
  }
  if (worse.length === 0)
    throw new AppError("timed_out", "Not one rollout of this policy was over in the time there is.", {
      hint: "Ask with fewer metrics, wider margins or less traffic, or ask ./signalbox gate simulate, which takes its time.",
    });
  const { metric, drop } = asked;
  const { means } = asked.worse;
  const [worseFared, equalFared] = [fared(worse), fared(equal)];
  const { unit, unitsPerHour } = question;
  const sentence = dropSentence({ unit, metric, unitsPerHour, means, worse: worseFared.forecast });
  return { sentence, metric, drop, means, hoursMax, sims: worse.length, worse: worseFared, equal: equalFared };
}

function fared(rollouts: readonly SimulatedRollout[]): CandidateFared {
  return { forecast: forecastOf(rollouts), rollouts: rollouts.map(({ kind, candidateUnits }) => ({ kind, candidateUnits })) };
}
