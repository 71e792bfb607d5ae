import type { Forecast } from "@signalbox/evals";
import type { LiveVerdict, PlantedFault } from "@signalbox/model";

/**
 * One rollout of a version with something planted. `grounds` are those of the last verdict on record (null: there was none), `exposed` the sessions that the version was given, `forecast` what the
 * simulator expects of that, `kills` how often the controller was killed, and `isLogSame` whether the log's chain is whole and follows, byte for byte, from what is stored.
 */
export type RolloutRun = {
  fault: PlantedFault;
  seed: number;
  ended: "promoted" | "rolledBack" | "held";
  grounds: LiveVerdict["grounds"] | null;
  seconds: number;
  exposed: number;
  forecast: Pick<Forecast, "rolledBack" | "promoted"> & { exposed: Forecast["candidateUnits"] };
  kills: number;
  isLogSame: boolean;
};

/** What rollouts came to. `objectiveMs` is what nine of ten of the stable version's tasks took at most; `rolledBack` counts rollbacks by what was planted, `promoted` the equal versions that were promoted. */
export type RolloutFigures = {
  objectiveMs: number;
  perSecond: number;
  runs: RolloutRun[];
  rolledBack: Partial<Record<PlantedFault, number>>;
  promoted: number;
};

/** Runs, counted. */
export function countRuns(runs: readonly RolloutRun[]): Pick<RolloutFigures, "rolledBack" | "promoted"> {
  const byFault = Map.groupBy(runs, ({ fault }) => fault);
  const counts = [...byFault].map(([fault, some]) => [fault, some.filter(({ ended }) => ended === "rolledBack").length]);
  return {
    rolledBack: Object.fromEntries(counts),
    promoted: runs.filter(({ fault, ended }) => fault === "none" && ended === "promoted").length,
  };
}

/** What was promised and is not so, a sentence each: what is worse is rolled back by the gate itself, and every log follows from what is stored. */
export function brokenPromises(runs: readonly RolloutRun[]): string[] {
  return runs.flatMap(({ fault, seed, ended, grounds, isLogSame }) => {
    const isFound = ended === "rolledBack" && (grounds === "evidence" || grounds === "breaker");
    return [
      ...(fault === "none" || isFound
        ? []
        : [`The version with ${fault} planted (seed ${seed}) was not rolled back by the gate: ${ended}.`]),
      ...(isLogSame ? [] : [`The log of the rollout with ${fault} planted (seed ${seed}) does not follow from what is stored.`]),
    ];
  });
}
