import { type AirlineData, stableId, TaskRequest } from "@signalbox/model";
import { ASK_SCENARIOS } from "../domains/airline/scenarios/askScenarios.ts";
import { BOOK_SCENARIOS } from "../domains/airline/scenarios/bookScenarios.ts";
import { CANCEL_SCENARIOS } from "../domains/airline/scenarios/cancelScenarios.ts";
import { CHANGE_SCENARIOS } from "../domains/airline/scenarios/changeScenarios.ts";
import { FAILING_SCENARIOS } from "../domains/airline/scenarios/failingScenarios.ts";
import type { Scenario } from "../domains/airline/scenarios/scenario.ts";
import { DEMO_WORLD } from "../domains/airline/world/demoWorld.ts";
import { seededRandom } from "../domains/seededRandom.ts";

const SCENARIOS: readonly Scenario[] = [
  ...ASK_SCENARIOS,
  ...CANCEL_SCENARIOS,
  ...CHANGE_SCENARIOS,
  ...BOOK_SCENARIOS,
  ...FAILING_SCENARIOS,
];

/** Each scenario as often as it weighs. */
const DECK = SCENARIOS.flatMap((scenario) => Array.from({ length: scenario.weight }, () => scenario));

/** The largest number of agent turns in which a task may end. */
const ENDS_WITHIN = 30;

/** The demo's task number `index`, from 0: the same for the same seed, its id too. */
export function demoTask(data: AirlineData, seed: number, index: number): TaskRequest {
  const id = stableId("demo-task", String(seed), String(index));
  const random = seededRandom(Number.parseInt(id.slice(0, 8), 16));
  const scenario = random.pick(DECK);
  const { message, user, world = DEMO_WORLD, expectation } = scenario.write({ data, random });
  return TaskRequest.parse({
    id,
    name: scenario.name,
    domain: "airline",
    world,
    message,
    session: `session-${user}`,
    user,
    tags: ["demo"],
    ...(expectation === undefined ? {} : { expectation: { ...expectation, endsWithin: ENDS_WITHIN } }),
  });
}
