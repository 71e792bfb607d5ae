import { readRolloutRecord } from "@signalbox/db/prisma";
import { LOOK_BEHIND_MS, type UnitAgainst, unitBlocks, unitsAgainst } from "@signalbox/evals";
import { AppError, ARMS, type Block, canaryOf } from "@signalbox/model";
import type { Context } from "../context.ts";

/** So many units are named: as many values as a list of traces can be narrowed by. */
const UNITS_MAX = 50;

/**
 * What counted against a rollout's candidate in a metric: how many of its `units` did, and of
 * the newest of them what each was drawn by, its id, and why. `isOnRecord` is false, and nothing
 * is told, where what was counted cannot be read any more as it was: some is old, or erased.
 */
type CountedAgainst = {
  metric: string;
  isOnRecord: boolean;
  units: number;
  against: number;
  newest: { kind: "session" | "user" | "task"; id: string; at: string; because: UnitAgainst["because"] }[];
};

/**
 * The units that counted against a rollout's candidate in the blocks that its last
 * look knew: those that the verdict is about, whatever came since. Throws `not_found`.
 */
export async function countedAgainst(
  { bulk, gateUnits }: Pick<Context, "bulk" | "gateUnits">,
  id: string,
  metric: string,
): Promise<CountedAgainst> {
  const { rollout, blocks, weights, lastLook } = await readRolloutRecord(bulk, id);
  const canary = canaryOf(rollout);
  const policy = { ...canary, metrics: canary.metrics.filter(({ name }) => name === metric) };
  if (policy.metrics.length === 0) throw new AppError("not_found", `The rollout's policy has no metric ${metric}.`);
  if (lastLook === null) return { metric, isOnRecord: true, units: 0, against: 0, newest: [] };
  const now = Date.parse(lastLook.at) - LOOK_BEHIND_MS;
  const { project, stable, candidate, startedAt } = rollout;
  const window = { project, stable, candidate, since: new Date(startedAt), until: new Date(now), weights };
  const { exposures, events } = await gateUnits(window, { ...rollout.policy, spec: { ...rollout.policy.spec, canary: policy } });
  const read = unitBlocks(exposures, events, policy, now).blocks;
  if (!blocks.every(({ block }, index) => isSame(block, read[index], metric)))
    return { metric, isOnRecord: false, units: 0, against: 0, newest: [] };
  const { units, against } = unitsAgainst(exposures, events, policy, { now, blocks: blocks.length, metric });
  return { metric, isOnRecord: true, units, against: against.length, newest: against.slice(-UNITS_MAX).reverse().map(named) };
}

/** Two sums of the same values are so far apart at most, in whatever order they are added up. */
const SUM_APART_MAX = 1e-6;

/** Whether a block that was read again says of a metric what the stored one does. One that was stored long ago has no `unscored`. */
function isSame(stored: Block, read: Block | undefined, metric: string): boolean {
  if (read === undefined || stored.step !== read.step || stored.share !== read.share) return false;
  return ARMS.every((arm) => {
    const [mean, again] = [stored.means[metric]?.[arm], read.means[metric]?.[arm]];
    return (
      stored.units[arm] === read.units[arm] &&
      stored.counts[metric]?.[arm] === read.counts[metric]?.[arm] &&
      (stored.unscored === undefined || stored.unscored[metric]?.[arm] === read.unscored?.[metric]?.[arm]) &&
      mean?.n === again?.n &&
      Math.abs((mean?.sum ?? 0) - (again?.sum ?? 0)) <= SUM_APART_MAX
    );
  });
}

/** A unit is called by what it was drawn by, and the id of that. */
function named({ unit, at, because }: UnitAgainst): CountedAgainst["newest"][number] {
  const [, kind = "task", id = unit] = /^(session|user|task):(.*)$/s.exec(unit) ?? [];
  return { kind: kind as "session" | "user" | "task", id, at: new Date(at).toISOString(), because };
}
