import { readRolloutRecord } from "@signalbox/db/prisma";
import { LOOK_BEHIND_MS, type UnitAgainst, unitsAgainst } from "@signalbox/evals";
import { AppError, canaryOf } from "@signalbox/model";
import type { Context } from "../context.ts";

/** So many units are named: as many values as a list of traces can be narrowed by. */
const UNITS_MAX = 50;

/**
 * What counted against a rollout's candidate in a metric: how many of its `units`
 * did, and of the newest of them what each was drawn by, its id, and why.
 */
type CountedAgainst = {
  metric: string;
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
  const policy = canaryOf(rollout);
  if (!policy.metrics.some(({ name }) => name === metric)) throw new AppError("not_found", `The rollout's policy has no metric ${metric}.`);
  if (lastLook === null) return { metric, units: 0, against: 0, newest: [] };
  const now = Date.parse(lastLook.at) - LOOK_BEHIND_MS;
  const { project, stable, candidate, startedAt } = rollout;
  const window = { project, stable, candidate, since: new Date(startedAt), until: new Date(now), weights };
  const { exposures, events } = await gateUnits(window, rollout.policy);
  const { units, against } = unitsAgainst(exposures, events, policy, { now, blocks: blocks.length, metric });
  return { metric, units, against: against.length, newest: against.slice(-UNITS_MAX).reverse().map(named) };
}

/** A unit is called by what it was drawn by, and the id of that. */
function named({ unit, at, because }: UnitAgainst): CountedAgainst["newest"][number] {
  const [, kind = "task", id = unit] = /^(session|user|task):(.*)$/s.exec(unit) ?? [];
  return { kind: kind as "session" | "user" | "task", id, at: new Date(at).toISOString(), because };
}
