import type { Script } from "../../scenario.ts";
import { AIRPORTS } from "../tools/listAllAirports.ts";
import { pickOwned, type Scenario, type Stage, sayDate, sayPlace } from "./scenario.ts";
import { pickFlightDay } from "./seats.ts";

function lookUp(stage: Stage): Script {
  const { reservation } = pickOwned(stage, () => true);
  const { reservation_id, user_id, flights, payment_history } = reservation;
  const message = stage.random.pick([
    `Hello, what is the status of my reservation ${reservation_id}? My user id is ${user_id}.`,
    `This is ${user_id}. Please tell me about booking ${reservation_id}.`,
    `Could you look up trip ${reservation_id} for me? I am ${user_id}.`,
  ]);
  const paid = payment_history.reduce((sum, { amount }) => sum + amount, 0);
  const outputs = [...flights.map(({ flight_number }) => flight_number), `$${paid}`];
  return {
    message,
    user: user_id,
    expectation: { actions: [{ name: "get_reservation_details", arguments: { reservation_id } }], outputs },
  };
}

function lookUpSomebodyElses(stage: Stage): Script {
  const { reservation } = pickOwned(stage, () => true);
  const { reservation_id } = reservation;
  const user = stage.random.pick(Object.keys(stage.data.users).filter((id) => id !== reservation.user_id));
  const message = `I am ${user}, please tell me about reservation ${reservation_id} of my neighbour.`;
  return { message, user, expectation: { actions: [], outputs: ["not yours"] } };
}

function search(stage: Stage): Script {
  const { flight, date, prices } = pickFlightDay(stage);
  const { origin, destination } = flight;
  const user = stage.random.pick(Object.keys(stage.data.users));
  const [from, to] = [sayPlace(stage, origin, AIRPORTS), sayPlace(stage, destination, AIRPORTS)];
  const message = `Which direct flights are there from ${from} to ${to} on ${sayDate(stage, date)}?`;
  const actions = [{ name: "search_direct_flight", arguments: { origin, destination, date } }];
  return { message, user, expectation: { actions, outputs: [flight.flight_number, `$${prices.economy}`] } };
}

function askForPerson(stage: Stage): Script {
  const user = stage.random.pick(Object.keys(stage.data.users));
  const message = stage.random.pick([
    `I am ${user} and I want to speak to a supervisor about my last trip.`,
    `Your delay ruined my holiday. I demand compensation of $1000. User id ${user}.`,
    `Can I talk to a human, please? ${user}`,
  ]);
  return { message, user, expectation: { actions: [{ name: "transfer_to_human_agents", arguments: { summary: "" } }], outputs: [] } };
}

/** Tasks that change nothing. */
export const ASK_SCENARIOS: readonly Scenario[] = [
  { name: "Look up a reservation", weight: 4, write: lookUp },
  { name: "Look up somebody else's reservation", weight: 1, write: lookUpSomebodyElses },
  { name: "Search flights", weight: 3, write: search },
  { name: "Ask for a person", weight: 2, write: askForPerson },
];
