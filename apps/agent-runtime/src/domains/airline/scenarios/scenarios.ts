import { ASK_SCENARIOS } from "./askScenarios.ts";
import { BOOK_SCENARIOS } from "./bookScenarios.ts";
import { CANCEL_SCENARIOS } from "./cancelScenarios.ts";
import { CHANGE_SCENARIOS } from "./changeScenarios.ts";
import { FAILING_SCENARIOS } from "./failingScenarios.ts";
import type { Scenario } from "./scenario.ts";

/** Every kind of task in the airline's demo. */
export const SCENARIOS: readonly Scenario[] = [
  ...ASK_SCENARIOS,
  ...CANCEL_SCENARIOS,
  ...CHANGE_SCENARIOS,
  ...BOOK_SCENARIOS,
  ...FAILING_SCENARIOS,
];
