import type { TaskRequest } from "@signalbox/model";
import type { ChaosStack } from "../chaos/chaosStack.ts";
import { sideBySide } from "../sideBySide.ts";
import { killController } from "./killController.ts";
import type { RolloutRun } from "./rolloutFigures.ts";
import { beginRollout, type RolloutToRun, runRollout } from "./runRollout.ts";

type Ended = Omit<RolloutRun, "forecast">;

/**
 * Rolls a version out once per seed, concurrently, each in a project of its own, while the controller that they share
 * is killed. Most of a rollout is waiting for sessions and their outcomes, so many at once take hardly longer than one.
 */
export async function runWave(
  stack: ChaosStack,
  requests: readonly TaskRequest[],
  version: RolloutToRun,
  { seeds, lagSeconds, note }: { seeds: readonly number[]; lagSeconds: number; note: (line: string) => void },
  signal: AbortSignal,
): Promise<Ended[]> {
  const begun = await Promise.all(seeds.map((seed) => beginRollout(stack, version, seed)));
  const runAll = (until: AbortSignal) =>
    sideBySide<Awaited<ReturnType<typeof runRollout>>[]>(
      until,
      ...begun.map((one) => async (both: AbortSignal) => {
        const say = (line: string): void => note(`seed ${one.seed}: ${line}`);
        const run = await runRollout(stack, requests, version, one, say, both);
        say(`${run.ended} on ${run.grounds ?? "no"} grounds after ${run.seconds} s and ${run.exposed} sessions of the candidate`);
        return run;
      }),
    );
  const [runs, kills] = await sideBySide(signal, runAll, (until) => {
    const [seed = 0] = seeds;
    return killController(
      stack,
      begun.map(({ id }) => id),
      { seed, lagSeconds, note },
      until,
    );
  });
  return runs.map((run, index) => {
    const met = kills.filter(({ rollout }) => rollout === begun[index]?.id);
    for (const { fault } of met) if (fault !== null) note(`seed ${run.seed}: ${fault}`);
    return { ...run, kills: met.length, sameAfterKills: met.filter(({ fault }) => fault === null).length };
  });
}
