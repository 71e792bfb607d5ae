import { readRolloutRecord } from "@signalbox/db/prisma";
import { LOOK_BEHIND_MS, type UnitAgainst, unitBlocks, unitsAgainst } from "@signalbox/evals";
import { AppError, ARMS, type Block, canaryOf } from "@signalbox/model";
import type { Context } from "../context.ts";

/** The most units listed: as many values as can narrow a list of traces. */
const UNITS_MAX = 50;

/**
 * The units that counted against a rollout's candidate in a metric: how many of its `units` did, and
 * for the newest of them the kind of unit, its id, and why. `isOnRecord` is false, and the list empty,
 * where the counted data can no longer be read unchanged: some of it has expired or was erased.
 */
type CountedAgainst = {
  metric: string;
  isOnRecord: boolean;
  units: number;
  against: number;
  newest: { kind: "session" | "user" | "task"; id: string; at: string; because: UnitAgainst["because"] }[];
};

/**
 * The units that counted against a rollout's candidate in the blocks of its last look:
 * those that its verdict is about, whatever has arrived since. Throws `not_found`.
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

/** The largest difference between two sums of the same values in different orders. */
const SUM_APART_MAX = 1e-6;

/** Whether a recomputed block agrees with the stored one on a metric. Old stored blocks have no `unscored`. */
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

/** A unit's name: its kind, and its id. */
function named({ unit, at, because }: UnitAgainst): CountedAgainst["newest"][number] {
  const [, kind = "task", id = unit] = /^(session|user|task):(.*)$/s.exec(unit) ?? [];
  return { kind: kind as "session" | "user" | "task", id, at: new Date(at).toISOString(), because };
}
