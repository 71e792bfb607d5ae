import type { PrismaClient } from "@signalbox/db/prisma";
import type { Expectation } from "@signalbox/model";
import type { Random } from "./seededRandom.ts";

/** What a scenario is made from: the demo's data and the draws of one task. */
export type Stage<Data> = { readonly data: Data; readonly random: Random };

/**
 * A task that a customer might bring, with what is known to be right about it. The truth is read from the data, not asked of the agent.
 * Without an expectation nothing is known: the task is there to fail.
 */
export type Script = { message: string; user: string; world?: string; expectation?: Pick<Expectation, "actions" | "outputs"> };

/** A kind of task, drawn `weight` times as often as one of weight 1. */
export type Scenario<Data> = { readonly name: string; readonly weight: number; write(stage: Stage<Data>): Script };

/** A domain's demo: data of our own invention, and tasks that belong to it. */
export interface DemoSource {
  /** The name under which the demo's data is loaded. */
  readonly world: string;
  /**
   * What the ids of its tasks derive from. Whoever changes its data or scenarios changes this too: an id stands for the same task for ever.
   */
  readonly series: string;
  load(prisma: PrismaClient): Promise<void>;
  draw(random: Random): Script & { name: string };
}

/** Draws tasks from scenarios, each as often as it weighs. */
export function drawFrom<Data>(scenarios: readonly Scenario<Data>[], data: Data): DemoSource["draw"] {
  const deck = scenarios.flatMap((scenario) => Array.from({ length: scenario.weight }, () => scenario));
  return (random) => {
    const scenario = random.pick(deck);
    return { name: scenario.name, ...scenario.write({ data, random }) };
  };
}
