import { AppError, type Arm, type Block, type CanaryMetric, durationMs, type LiveVerdict, type PerArm } from "@signalbox/model";
import { type Random, seededRandom, seedOf } from "../../statistics/seededRandom.ts";
import { advance, startGate } from "../live/gateState.ts";
import { goodnessOf } from "../live/goodness.ts";
import { isBreaker, isMean, type LivePolicy } from "../live/livePolicy.ts";
import { harmEvidence, look } from "../live/look.ts";
import type { LookPace } from "../rollout/lookPace.ts";
import { BlockTally } from "./blockTally.ts";

const HOUR_MS = 3_600_000;

/** The number of tosses whose mean makes a value inside a range: it spreads half as widely as it could at most. */
const TOSSES = 4;

/** Each metric's mean of each arm in its own units; of one that counts: the share of units with an event. */
export type SimulatedMeans = { readonly [metric: string]: PerArm<number> };

/**
 * The traffic of a simulated rollout: units an hour, the means of both arms, and when it is given up. `meansAt` has the means of each step
 * where they differ between steps: a version that has more of the units may be slower. Without a `pace` units are known, and looked at, as
 * soon as their block is full; with one, sessions go on being exposed meanwhile.
 */
export interface SimulatedTraffic {
  readonly unitsPerHour: number;
  readonly means: SimulatedMeans;
  readonly meansAt?: readonly SimulatedMeans[];
  readonly hoursMax: number;
  readonly pace?: LookPace;
}

const AT_ONCE: LookPace = { knownAfterMs: 0, everyMs: 0 };

/**
 * How a simulated rollout ended: its verdict, the candidate's units and all
 * units that it took, and hours. `hold` is one that did not end in time.
 */
export interface SimulatedRollout {
  readonly kind: LiveVerdict["kind"];
  readonly grounds: LiveVerdict["grounds"];
  readonly candidateUnits: number;
  readonly units: number;
  readonly hours: number;
}

type Chances = { readonly means: readonly Chance[]; readonly counts: readonly Chance[] };
type Chance = { readonly name: string; readonly isBinary: boolean; readonly sample: number } & { readonly [arm in Arm]: number };

/**
 * Simulates a rollout from its first step to its end: units arrive evenly, are assigned by a toss, and the gate looks whenever
 * a block has become known. Metrics are independent of each other. Pure: the same seed and number give the same rollout.
 */
export function simulateRollout(policy: LivePolicy, traffic: SimulatedTraffic, seed: number, number: number): SimulatedRollout {
  const play = playRollout(policy, traffic, seed, number);
  for (;;) {
    const turn = play.next();
    if (turn.done === true) return turn.value;
  }
}

/** `simulateRollout`, block by block, so that the caller can do other work in between, or stop. */
export function* playRollout(
  policy: LivePolicy,
  traffic: SimulatedTraffic,
  seed: number,
  number: number,
): Generator<undefined, SimulatedRollout> {
  const random = seededRandom(seedOf(seed, number));
  const atSteps = policy.steps.map((_, index) => chancesOf(policy, traffic.meansAt?.[index] ?? traffic.means));
  const chances = chancesOf(policy, traffic.means);
  const names = { means: chances.means.map(({ name }) => name), counts: chances.counts.map(({ name }) => name) };
  const unitsMax = Math.ceil(traffic.unitsPerHour * traffic.hoursMax);
  const msAt = (unit: number): number => (unit / traffic.unitsPerHour) * HOUR_MS;
  const { knownAfterMs, everyMs } = traffic.pace ?? AT_ONCE;
  const lookAfter = (ms: number): number => (everyMs === 0 ? ms : Math.ceil(ms / everyMs) * everyMs);
  const waiting: { block: Block; knownMs: number }[] = [];
  let [state, step, stepBeganMs] = [startGate(policy), 0, 0];
  let [units, candidateUnits] = [0, 0];
  let verdict = look(state, policy, { step });
  const ended = (): SimulatedRollout => ({
    ...{ kind: verdict.kind, grounds: verdict.grounds, candidateUnits, units, hours: units / traffic.unitsPerHour },
  });

  /** Takes the looks that are due; returns whether one of them was the last. */
  function isOver(): boolean {
    for (let first = waiting[0]; first !== undefined && lookAfter(first.knownMs) <= msAt(units); first = waiting[0]) {
      const nowMs = lookAfter(first.knownMs);
      for (; first !== undefined && first.knownMs <= nowMs; first = waiting[0]) {
        state = advance(state, first.block, policy);
        waiting.shift();
      }
      const stepElapsedMs = nowMs - stepBeganMs;
      if (!couldEnd(policy, step, stepElapsedMs, state.steps[step]?.candidate ?? 0, harmEvidence(state, policy))) continue;
      verdict = look(state, policy, { step, stepElapsedMs });
      if (verdict.kind === "rollback" || verdict.grounds === "timeout") return true;
      if (verdict.kind === "promote" && verdict.isLastStep) return true;
      if (verdict.kind === "promote") [step, stepBeganMs] = [step + 1, nowMs];
    }
    return false;
  }

  while (units < unitsMax) {
    const [began, share] = [step, (policy.steps[step]?.setWeight ?? 0) / 100];
    const block = new BlockTally(names, began, share);
    // A step that begins meanwhile ends the block of the step before.
    while (!block.isFull && units < unitsMax && step === began) {
      const arm = random() < share ? "candidate" : "stable";
      units += 1;
      if (arm === "candidate") candidateUnits += 1;
      addUnit(block, atSteps[began] ?? chances, arm, random);
      if (isOver()) return ended();
    }
    waiting.push({ block: block.close(), knownMs: msAt(units) + knownAfterMs });
    yield;
    if (isOver()) return ended();
  }
  verdict = look(state, policy, { step });
  return ended();
}

/** Whether a full look could give anything but "hold": it costs more than a block. */
function couldEnd(policy: LivePolicy, step: number, stepElapsedMs: number, stepUnits: number, eHarm: number): boolean {
  const { minUnits = 0, maxDuration } = policy.steps[step] ?? {};
  if (eHarm >= 1 / policy.rollback.alpha || stepUnits >= minUnits || policy.metrics.some(isBreaker)) return true;
  return maxDuration !== undefined && stepElapsedMs >= durationMs(maxDuration);
}

function addUnit(block: BlockTally, { means, counts }: Chances, arm: Arm, random: Random): void {
  block.countUnit(arm);
  for (const [index, chance] of means.entries()) {
    if (chance.sample < 1 && random() >= chance.sample) continue;
    const tosses = chance.isBinary ? 1 : TOSSES;
    let goods = 0;
    for (let toss = 0; toss < tosses; toss += 1) if (random() < chance[arm]) goods += 1;
    block.addGoodness(index, arm, goods / tosses);
  }
  for (const [index, chance] of counts.entries()) if (random() < chance[arm]) block.addEvent(index, arm);
}

/** The chances that make each metric's means. Throws `invalid_input` for a metric whose means are not said, or cannot be. */
function chancesOf(policy: LivePolicy, means: SimulatedMeans): Chances {
  const chanceOf = (metric: CanaryMetric): Chance => {
    const said = means[metric.name];
    if (said === undefined) throw new AppError("invalid_input", `The traffic says nothing of the metric ${metric.name}.`);
    const of = (value: number): number => (isMean(metric) ? goodnessOf(metric, value) : value);
    const [candidate, stable] = [of(said.candidate), of(said.stable)];
    if (![candidate, stable].every((chance) => chance >= 0 && chance <= 1))
      throw new AppError("invalid_input", `A mean of ${said.stable} and ${said.candidate} is none that ${metric.name} can have.`);
    const sample = isMean(metric) ? metric.sample : 1;
    return { name: metric.name, isBinary: metric.kind === "binary", sample, candidate, stable };
  };
  return { means: policy.metrics.filter(isMean).map(chanceOf), counts: policy.metrics.filter((metric) => !isMean(metric)).map(chanceOf) };
}
