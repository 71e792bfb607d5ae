import { CARD_SCENARIOS } from "./cardScenarios.ts";
import { MONEY_SCENARIOS } from "./moneyScenarios.ts";
import { OTHER_SCENARIOS } from "./otherScenarios.ts";
import type { Scenario } from "./scenario.ts";

/** Every kind of task in the bank's demo. */
export const SCENARIOS: readonly Scenario[] = [...CARD_SCENARIOS, ...MONEY_SCENARIOS, ...OTHER_SCENARIOS];
