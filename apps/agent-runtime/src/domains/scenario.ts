import type { PrismaClient } from "@signalbox/db/prisma";
import type { Expectation } from "@signalbox/model";
import type { Draws } from "./seededDraws.ts";

/** The material of a scenario: the demo's data and the random draws of one task. */
export type Stage<Data> = { readonly data: Data; readonly random: Draws };

/**
 * A customer's task with its ground truth, which is read from the data, not asked of the agent. A task without an expectation is there to
 * fail.
 */
export type Script = { message: string; user: string; world?: string; expectation?: Pick<Expectation, "actions" | "outputs"> };

/** A kind of task, drawn `weight` times as often as one of weight 1. */
export type Scenario<Data> = { readonly name: string; readonly weight: number; write(stage: Stage<Data>): Script };

/** A domain's demo: invented data, and tasks on it. */
export interface DemoSource {
  /** The name under which the demo's data is loaded. */
  readonly world: string;
  /**
   * The name from which task ids derive. A change of the data or the scenarios needs a new one: an id stands for the same task for ever.
   */
  readonly series: string;
  load(prisma: PrismaClient): Promise<void>;
  draw(random: Draws): Script & { name: string };
}

/** Draws tasks from scenarios in proportion to their weights. */
export function drawFrom<Data>(scenarios: readonly Scenario<Data>[], data: Data): DemoSource["draw"] {
  const deck = scenarios.flatMap((scenario) => Array.from({ length: scenario.weight }, () => scenario));
  return (random) => {
    const scenario = random.pick(deck);
    return { name: scenario.name, ...scenario.write({ data, random }) };
  };
}
