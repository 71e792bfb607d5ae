import type { Script } from "../../scenario.ts";
import type { Scenario, Stage } from "./scenario.ts";

/** A message outside of everything the rules can plan for. */
function askForTheImpossible(stage: Stage): Script {
  const user = stage.random.pick(Object.keys(stage.data.users));
  const message = stage.random.pick([
    "Please water the plants in my flat while I am away.",
    "Wann öffnet die Lounge in Frankfurt?",
    "How many lemons fit into the overhead bin?",
  ]);
  return { message, user };
}

/** A task in a world that was never loaded: its tools cannot answer. */
function askInAnUnknownWorld(stage: Stage): Script {
  const [reservation_id, reservation] = stage.random.pick(Object.entries(stage.data.reservations));
  const message = `What is the status of my reservation ${reservation_id}? My user id is ${reservation.user_id}.`;
  return { message, user: reservation.user_id, world: "demo-archive" };
}

/** Tasks that must end as dead letters, so that the demo has some to inspect. */
export const FAILING_SCENARIOS: readonly Scenario[] = [
  { name: "Ask for the impossible", weight: 1, write: askForTheImpossible },
  { name: "Ask about an archive that is not loaded", weight: 1, write: askInAnUnknownWorld },
];
