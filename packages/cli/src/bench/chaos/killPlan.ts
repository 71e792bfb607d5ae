import type { Random } from "@signalbox/model";
import { seededRandom } from "../../loadgen/spans/seededRandom.ts";
import type { RuntimeKind } from "../runtime/runtimeStack.ts";

/**
 * The victims of kills. "queueStore" is the server that keeps the queue:
 * PostgreSQL, or Redis; "postgres" is a separate victim where it is not that.
 */
const VICTIMS = ["worker", "gateway", "queueStore", "collector", "controller", "clickhouse", "supervisor"] as const;
export type Victim = (typeof VICTIMS)[number] | "postgres";

/** The victims where the queue is in a store. */
export const victimsOf = (queue: RuntimeKind["store"]): readonly Victim[] => (queue === "redis" ? [...VICTIMS, "postgres"] : VICTIMS);

/** One kill: `afterMs` milliseconds after `afterTasks` tasks were accepted. */
export type Kill = { victim: Victim; afterTasks: number; afterMs: number };

const AFTER_MS_MAX = 1_500;

/**
 * The plan of kills. Pure: the same seed gives the same plan. Times are counted in tasks, so that kills meet work however slow the machine
 * is; some come in quick succession, while the last victim is still away. A round of kills meets every victim once, the worker twice.
 */
export function killPlan(seed: number, { tasks, kills, queue }: { tasks: number; kills: number; queue: RuntimeKind["store"] }): Kill[] {
  const random = seededRandom(seed);
  const round: readonly Victim[] = ["worker", ...victimsOf(queue)];
  const rounds = Array.from({ length: Math.ceil(kills / round.length) }, () => shuffled(round, random));
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
