import type { Forecast, SimulatedMeans } from "@signalbox/evals";
import type { LiveVerdict, PerArm, PlantedFault } from "@signalbox/model";

/** The number of kills of the controller per rollout. */
export const KILLS = 3;

/** One in this many equal versions may fail to be promoted, as `alpha` and `beta` allow. */
const EQUAL_PER_LOST = 20;

/**
 * One rollout of a version with something planted. `grounds` are those of the last verdict on record (null: there was
 * none), `exposed` the sessions that the version was given, `seen` the means that the gate saw of each metric at each step,
 * `forecast` what the simulator expects, of means that were measured before at each step's share, `kills` how often the controller was
 * killed meanwhile, `sameAfterKills` after how many of these the log was the same to the byte once another controller
 * worked, and `isLogSame` whether the log's chain is whole in the end and follows, byte for byte, from what is stored.
 */
export type RolloutRun = {
  fault: PlantedFault;
  seed: number;
  ended: "promoted" | "rolledBack" | "held";
  grounds: LiveVerdict["grounds"] | null;
  seconds: number;
  exposed: number;
  seen: readonly { readonly [metric: string]: PerArm<number | null> }[];
  forecast: Pick<Forecast, "rolledBack" | "promoted"> & { exposed: Forecast["candidateUnits"]; means: readonly SimulatedMeans[] };
  kills: number;
  sameAfterKills: number;
  isLogSame: boolean;
};

/**
 * A summary of one version's rollouts: their endings, the median of exposed sessions
 * beside the forecast's, the median of seconds, and how the kills were survived.
 */
export type FaultSummary = {
  fault: PlantedFault;
  rollouts: number;
  rolledBack: number;
  promoted: number;
  held: number;
  exposedMedian: number;
  forecastMedian: number;
  forecastP90: number;
  secondsMedian: number;
  kills: number;
  sameAfterKills: number;
  logsSame: number;
};

/**
 * The results of all rollouts. `objectiveMs` is the 90th percentile of the
 * stable version's latency; `broken` has the broken promises, one sentence each.
 */
export type RolloutFigures = {
  objectiveMs: number;
  perSecond: number;
  atOnce: number;
  lagSeconds: number;
  summary: FaultSummary[];
  broken: string[];
  runs: RolloutRun[];
};

/** A summary of runs by fault. */
export function summarise(runs: readonly RolloutRun[]): Pick<RolloutFigures, "summary" | "broken"> {
  const summary = [...Map.groupBy(runs, ({ fault }) => fault)].map(([fault, some]): FaultSummary => {
    const ended = (how: RolloutRun["ended"]): number => some.filter((run) => run.ended === how).length;
    const median = (of: (run: RolloutRun) => number): number =>
      some.map(of).sort((one, other) => one - other)[Math.floor(some.length / 2)] ?? 0;
    const sum = (of: (run: RolloutRun) => number): number => some.reduce((total, run) => total + of(run), 0);
    return {
      ...{ fault, rollouts: some.length, rolledBack: ended("rolledBack"), promoted: ended("promoted"), held: ended("held") },
      ...{ exposedMedian: median(({ exposed }) => exposed), secondsMedian: median(({ seconds }) => seconds) },
      ...{ forecastMedian: median(({ forecast }) => forecast.exposed.median), forecastP90: median(({ forecast }) => forecast.exposed.p90) },
      ...{ kills: sum(({ kills }) => kills), sameAfterKills: sum(({ sameAfterKills }) => sameAfterKills) },
      logsSame: some.filter(({ isLogSame }) => isLogSame).length,
    };
  });
  return { summary, broken: [...runs.flatMap(brokenBy), ...summary.flatMap(tooFewPromoted)] };
}

/**
 * The broken promises of a run: worse versions are rolled back by the gate itself, the
 * controller was killed meanwhile, and every log follows from the stored evidence.
 */
function brokenBy({ fault, seed, ended, grounds, kills, sameAfterKills, isLogSame }: RolloutRun): string[] {
  const isFound = ended === "rolledBack" && (grounds === "evidence" || grounds === "breaker");
  return [
    ...(fault === "none" || isFound ? [] : [`The version with ${fault} planted (seed ${seed}) was not rolled back by the gate: ${ended}.`]),
    ...(kills >= KILLS
      ? []
      : [`The controller was killed ${kills} of ${KILLS} times during the rollout with ${fault} planted (seed ${seed}).`]),
    ...(isLogSame && sameAfterKills === kills
      ? []
      : [
          `The log of the rollout with ${fault} planted (seed ${seed}) does not follow from what is stored, or was not the same after a kill.`,
        ]),
  ];
}

function tooFewPromoted({ fault, rollouts, promoted }: FaultSummary): string[] {
  const lostMax = Math.max(1, Math.floor(rollouts / EQUAL_PER_LOST));
  if (fault !== "none" || rollouts - promoted <= lostMax) return [];
  return [`Of ${rollouts} equal versions ${promoted} were promoted: ${lostMax} may be lost.`];
}
