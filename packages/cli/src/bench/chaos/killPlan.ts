import { type Random, seededRandom } from "../../loadgen/seededRandom.ts";

/** What is killed. "queueStore" is the server that keeps the queue: PostgreSQL, or Redis. */
export const VICTIMS = ["worker", "gateway", "queueStore", "collector", "clickhouse", "supervisor"] as const;
export type Victim = (typeof VICTIMS)[number];

/** One kill: so many milliseconds after so many tasks were accepted. */
export type Kill = { victim: Victim; afterTasks: number; afterMs: number };

/** A round of kills: every part once, the worker twice. */
const ROUND: readonly Victim[] = ["worker", ...VICTIMS];
const AFTER_MS_MAX = 1_500;

/**
 * Who is killed, and when. Pure: the same seed gives the same plan. Moments are counted in tasks, so that kills meet work however slow the machine is; some come one right
 * after another, while what was killed before is still away.
 */
export function killPlan(seed: number, { tasks, kills }: { tasks: number; kills: number }): Kill[] {
  const random = seededRandom(seed);
  const rounds = Array.from({ length: Math.ceil(kills / ROUND.length) }, () => shuffled(ROUND, random));
  const moments = Array.from({ length: kills }, () => 1 + Math.floor(random() * tasks)).sort((a, b) => a - b);
  return moments.map((afterTasks, index) => ({
    victim: rounds.flat()[index] as Victim,
    afterTasks,
    afterMs: Math.floor(random() * AFTER_MS_MAX),
  }));
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
