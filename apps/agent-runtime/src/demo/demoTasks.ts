import { stableId, TaskRequest } from "@signalbox/model";
import type { Domain } from "../domains/domain.ts";
import type { DemoSource, Script } from "../domains/scenario.ts";
import { seededDraws } from "../domains/seededDraws.ts";

/** The largest number of agent turns in which a task may end. */
const ENDS_WITHIN = 30;

/** A domain with its demo's data. */
export type Demo = { domain: Domain["name"]; source: DemoSource };

/** Opens a domain's demo and its data. */
export function openDemo(domain: Domain): Demo {
  return { domain: domain.name, source: domain.openDemo() };
}

/** The expectation as the scorer reads it: it ignores commas in answers, so expected outputs have none. */
function expectationOf({ actions, outputs }: NonNullable<Script["expectation"]>) {
  return { actions, outputs: outputs.map((output) => output.replaceAll(",", "")), endsWithin: ENDS_WITHIN };
}

/** The demo's task number `index`, from 0. The same seed gives the same task, with the same id. */
export function demoTask({ domain, source }: Demo, seed: number, index: number): TaskRequest {
  const id = stableId(source.series, String(seed), String(index));
  const { name, message, user, world = source.world, expectation } = source.draw(seededDraws(Number.parseInt(id.slice(0, 8), 16)));
  return TaskRequest.parse({
    id,
    name,
    domain,
    world,
    message,
    session: `session-${user}`,
    user,
    tags: ["demo"],
    ...(expectation === undefined ? {} : { expectation: expectationOf(expectation) }),
  });
}

/** Task number `index` of several demos that take turns. */
export function demoTaskInTurn(demos: readonly Demo[], seed: number, index: number): TaskRequest {
  const demo = demos[index % demos.length];
  if (demo === undefined) throw new RangeError("there is no demo");
  return demoTask(demo, seed, Math.floor(index / demos.length));
}
