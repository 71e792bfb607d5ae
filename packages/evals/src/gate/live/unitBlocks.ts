import {
  ARMS,
  type Block,
  durationMs,
  type Exposure,
  metricSource,
  type PerArm,
  sha256,
  type Tally,
  type UnitEvent,
} from "@signalbox/model";
import { addTallies, blockUnits, NO_TALLY } from "./block.ts";
import { goodnessOf } from "./goodness.ts";
import { keptMs } from "./latencies.ts";
import { type BreakerMetric, type CountMetric, isBreaker, isMean, type LivePolicy, type MeanMetric } from "./livePolicy.ts";

/** The result of grouping: the closed blocks, the units that wait for outcomes, and the counts of what was left out. */
export interface UnitBlocks {
  readonly blocks: readonly Block[];
  readonly waiting: number;
  /** Units that were seen in both arms; they count where they were first. */
  readonly crossed: number;
  /** Events of units without an exposure, later than their unit's settling, or repeated. */
  readonly ignored: number;
}

/** As many hexadecimal digits as a double holds exactly. */
const HASH_DIGITS = 13;

type Unit = Exposure & {
  readonly isDead: boolean;
  readonly values: ReadonlyMap<string, number>;
  readonly tookMs: number | undefined;
  readonly settledAt: number;
};

/**
 * Groups units into blocks: in the order of their first exposure, those of one step and share together, enough for a comparison
 * (`blockUnits`). Each unit counts once, in the arm where it was first, however often and in whatever order exposures and events arrive. A
 * unit is settled when the policy's scoring lag has passed since it began, and not before: a session that was scored may still go on, and
 * die. An outcome unknown by then is a failure (the worst value, or an event), and later ones are ignored. A block closes when all of its
 * units are settled, and after the block before it: which blocks are closed at a time does not depend on how the units did. Pure; the
 * blocks at an earlier `now` (milliseconds) are a prefix of those at a later one, as long as the store has everything written up to either.
 */
export function unitBlocks(exposures: readonly Exposure[], events: readonly UnitEvent[], policy: LivePolicy, now: number): UnitBlocks {
  const { closed, ...uncounted } = closedGroups(exposures, events, policy, now);
  return { blocks: closed.map((units) => blockOf(units, policy)), ...uncounted };
}

/**
 * A candidate's unit that counted against it in a metric: it is dead, has no
 * outcome in time, or a bad `value`. `at` is its exposure, in milliseconds.
 */
export interface UnitAgainst {
  readonly unit: string;
  readonly at: number;
  readonly because: "dead" | "untold" | "value";
}

/**
 * The candidate's units in the first `blocks` closed blocks: their number, and those that counted against it in a metric, in the order
 * of assignment. For a counting or binary metric these are the bad ones, for any other those worse than the stable version's mean. Pure.
 */
export function unitsAgainst(
  exposures: readonly Exposure[],
  events: readonly UnitEvent[],
  policy: LivePolicy,
  { now, blocks, metric: name }: { now: number; blocks: number; metric: string },
): { units: number; against: UnitAgainst[] } {
  const units = closedGroups(exposures, events, policy, now).closed.slice(0, blocks).flat();
  const [own, stable] = ARMS.map((arm) => units.filter((unit) => unit.arm === arm)) as [Unit[], Unit[]];
  const metric = policy.metrics.find((one) => one.name === name);
  if (metric === undefined) return { units: own.length, against: [] };
  if (!isMean(metric)) {
    const because = (unit: Unit): UnitAgainst["because"] => ((unit.values.get(name) ?? 0) > 0 ? "value" : unit.isDead ? "dead" : "untold");
    const bad = own.filter((unit) => hasEvent(unit, metric));
    return { units: own.length, against: bad.map((unit) => ({ unit: unit.unit, at: unit.at, because: because(unit) })) };
  }
  const { n, sum } = tallyOf(stable, metric);
  const enough = metric.kind === "binary" || n === 0 ? 1 : sum / n;
  const against = inSample(own, metric).flatMap(({ unit, at, isDead, values }): UnitAgainst[] => {
    const value = values.get(name);
    if (isDead) return [{ unit, at, because: "dead" }];
    if (value === undefined) return [{ unit, at, because: "untold" }];
    return goodnessOf(metric, value) < enough ? [{ unit, at, because: "value" }] : [];
  });
  return { units: own.length, against };
}

/** The units of the closed blocks, block by block, and what waits or was left out. */
function closedGroups(
  exposures: readonly Exposure[],
  events: readonly UnitEvent[],
  policy: LivePolicy,
  now: number,
): Omit<UnitBlocks, "blocks"> & { closed: Unit[][] } {
  const lagMs = durationMs(policy.onMissing.scoringLag);
  const firsts = new Map<string, Exposure>();
  const crossed = new Set<string>();
  for (const exposure of exposures) {
    if (exposure.at > now) continue;
    const known = firsts.get(exposure.unit);
    if (known !== undefined && known.arm !== exposure.arm) crossed.add(exposure.unit);
    if (known === undefined || isBefore(exposure, known)) firsts.set(exposure.unit, exposure);
  }
  const told = Map.groupBy(
    events.filter(({ at }) => at <= now),
    ({ unit }) => unit,
  );
  let counted = 0;
  const units = [...firsts.values()]
    .sort((one, other) => (isBefore(one, other) ? -1 : 1))
    .map((exposure) => {
      const unit = settle(exposure, told.get(exposure.unit) ?? [], policy, lagMs);
      counted += unit.told;
      return unit;
    });

  const closed: Unit[][] = [];
  let waiting = 0;
  let isWaiting = false;
  for (const group of grouped(units)) {
    isWaiting ||= !group.isWhole || group.units.some(({ settledAt }) => settledAt > now);
    if (isWaiting) waiting += group.units.length;
    else closed.push(group.units);
  }
  return { closed, waiting, crossed: crossed.size, ignored: [...told.values()].reduce((sum, { length }) => sum + length, 0) - counted };
}

/** The order of assignment; exposures at the same time are ordered by name. */
function isBefore(one: Exposure, other: Exposure): boolean {
  if (one.at !== other.at) return one.at < other.at;
  if (one.unit !== other.unit) return one.unit < other.unit;
  return one.arm > other.arm;
}

/** A settled unit, and the number of its events that count. A death counts whatever the scores say. */
function settle(exposure: Exposure, events: readonly UnitEvent[], policy: LivePolicy, lagMs: number): Unit & { told: number } {
  const metrics = new Map(policy.metrics.map((metric) => [metric.name, metric]));
  const values = new Map<string, number>();
  const settledAt = exposure.at + lagMs;
  let [isDead, told] = [false, 0];
  let tookMs: number | undefined;
  for (const event of events.filter(({ at }) => at <= settledAt).sort((one, other) => one.at - other.at || valueIn(one) - valueIn(other))) {
    if (event.kind === "dead") {
      if (!isDead) told += 1;
      isDead = true;
      continue;
    }
    const metric = metrics.get(event.metric);
    if (metric === undefined) continue;
    const known = values.get(metric.name);
    // For a counting metric, "nothing happened" stands until something did.
    const isNews = known === undefined || (metric.kind === "count" && known <= 0 && event.value > 0);
    if (!isNews) continue;
    values.set(metric.name, event.value);
    tookMs ??= event.tookMs;
    told += 1;
  }
  return { ...exposure, isDead, values, tookMs, settledAt, told };
}

const valueIn = (event: UnitEvent): number => (event.kind === "value" ? event.value : Number.NEGATIVE_INFINITY);

type Group = { readonly step: number; readonly share: number; readonly units: Unit[]; isWhole: boolean };

/**
 * Units of one step and share, grouped to blocks. The first unit of a later step ends the open groups
 * of earlier steps; units that are still assigned to an old step after that form groups of their own.
 */
function grouped(units: readonly Unit[]): Group[] {
  const groups: Group[] = [];
  const open = new Map<number, Group>();
  const end = (group: Group): void => {
    group.isWhole = true;
    open.delete(group.step);
  };
  for (const unit of units) {
    const { step, share } = unit;
    for (const group of open.values()) if (group.step < step || (group.step === step && group.share !== share)) end(group);
    let group = open.get(step);
    if (group === undefined) {
      group = { step, share, units: [], isWhole: false };
      open.set(step, group);
      groups.push(group);
    }
    group.units.push(unit);
    if (group.units.length >= blockUnits(share)) end(group);
  }
  return groups;
}

function blockOf(units: readonly Unit[], policy: LivePolicy): Block {
  const [first] = units as [Unit, ...Unit[]];
  const perArm = <T>(of: (units: readonly Unit[]) => T): PerArm<T> => {
    const [candidate, stable] = ARMS.map((arm) => of(units.filter((unit) => unit.arm === arm)));
    return { candidate, stable } as PerArm<T>;
  };
  const means: Record<string, PerArm<Tally>> = {};
  const counts: Record<string, PerArm<number>> = {};
  const unscored: Record<string, PerArm<number>> = {};
  for (const metric of policy.metrics) {
    if (isMean(metric)) {
      means[metric.name] = perArm((arm) => tallyOf(arm, metric));
      unscored[metric.name] = perArm((arm) => inSample(arm, metric).filter((unit) => isUnscored(unit, metric)).length);
    } else {
      counts[metric.name] = perArm((arm) => arm.filter((unit) => hasEvent(unit, metric)).length);
      if (!isBreaker(metric)) unscored[metric.name] = perArm((arm) => arm.filter((unit) => isUnscored(unit, metric)).length);
    }
  }
  const isTimed = policy.metrics.some(({ name }) => metricSource(name).kind === "latency");
  const tookMs = isTimed ? { tookMs: perArm(servedMs) } : {};
  return { step: first.step, share: first.share, units: perArm(({ length }) => length), means, counts, unscored, ...tookMs };
}

/** How long units took that were served, the shortest first. What died did not get there, however soon. */
const servedMs = (units: readonly Unit[]): number[] =>
  units.flatMap(({ isDead, tookMs }) => (isDead || tookMs === undefined ? [] : [keptMs(tookMs)])).sort((one, other) => one - other);

/** Whether nobody told of a unit what a metric is about. What is dead has failed, and needs no score. */
const isUnscored = ({ isDead, values }: Unit, { name }: MeanMetric | CountMetric): boolean => !isDead && !values.has(name);

/**
 * Whether a unit has an event of a counting metric. A dead unit, or one
 * without an outcome, failed; a breaker counts only the events that it names.
 */
function hasEvent(unit: Unit, metric: CountMetric | BreakerMetric): boolean {
  if ((unit.values.get(metric.name) ?? 0) > 0) return true;
  return !isBreaker(metric) && (unit.isDead || isUnscored(unit, metric));
}

/** The goodness of an arm's units. A dead unit, or one without a value, failed; but units outside of a sampled metric's sample are left out. */
function tallyOf(units: readonly Unit[], metric: MeanMetric): Tally {
  return inSample(units, metric).reduce((tally, { isDead, values }) => {
    const value = values.get(metric.name);
    const goodness = isDead || value === undefined ? 0 : goodnessOf(metric, value);
    return addTallies(tally, { n: 1, sum: goodness, sumSquares: goodness * goodness });
  }, NO_TALLY);
}

/**
 * The units of a metric's sample: all of them, or those that were scored. Nobody scores what is dead, so a hash of its name draws it with
 * the sample's share: were all of the dead in it, the few who are scored would hardly count, nor would what they lost.
 */
function inSample(units: readonly Unit[], { name, sample }: MeanMetric): readonly Unit[] {
  if (sample >= 1) return units;
  return units.filter(({ unit, isDead, values }) => (isDead ? shareOf(`${name}\n${unit}`) < sample : values.has(name)));
}

/** A number from 0 to below 1 that a text always has. */
const shareOf = (text: string): number => Number.parseInt(sha256(text).slice(0, HASH_DIGITS), 16) / 16 ** HASH_DIGITS;
