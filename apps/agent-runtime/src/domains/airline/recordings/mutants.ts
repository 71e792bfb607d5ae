import type { AirlineFlightDay, AirlineReservation } from "@signalbox/model";
import { pythonJson } from "../tools/python/pythonJson.ts";
import { answer, type Tool, type ToolOutcome } from "../tools/tool.ts";
import { airlineTools } from "../tools/tools.ts";
import type { World } from "../tools/world.ts";

/*
 * Tools with one fault each, to prove that a replay would find it. The three silent ones answer correctly and write wrong data: only the
 * data hash reveals them.
 */

type Given = Readonly<Record<string, unknown>>;

/** The airline's tools, with those in `names` changed by `fault`. */
function withFault(names: readonly string[], fault: (tool: Tool, world: World, given: Given) => Promise<ToolOutcome>): readonly Tool[] {
  return airlineTools.map((tool) =>
    names.includes(tool.name) ? { ...tool, run: (world: World, given: Given) => fault(tool, world, given) } : tool,
  );
}

const reservationIn = (outcome: ToolOutcome): AirlineReservation => JSON.parse(outcome.output);

function withFewerSeats(day: AirlineFlightDay | undefined, cabin: string, count: number): object {
  if (day?.status !== "available") return { ...day };
  const seats: Readonly<Record<string, unknown>> = day.available_seats;
  return { ...day, available_seats: { ...seats, [cabin]: Number(seats[cabin]) - count } };
}

export const bookingReducesSeats = withFault(["book_reservation"], async (tool, world, given) => {
  const outcome = await tool.run(world, given);
  if (outcome.kind === "refusal") return outcome;
  const { flights, passengers, cabin } = reservationIn(outcome);
  for (const { flight_number, date } of flights) {
    const flight = await world.get("flights", flight_number);
    if (flight === undefined) continue;
    const day = withFewerSeats(flight.dates[date], cabin, passengers.length);
    world.put("flights", flight_number, { ...flight, dates: { ...flight.dates, [date]: day } });
  }
  return outcome;
});

export const cancellingRestoresGiftCards = withFault(["cancel_reservation"], async (tool, world, given) => {
  const before = await world.get("reservations", given.reservation_id);
  const outcome = await tool.run(world, given);
  for (const { payment_id, amount } of before?.payment_history ?? []) {
    const owner = await world.get("users", before?.user_id);
    const method = owner?.payment_methods[payment_id];
    if (owner === undefined || before === undefined || method?.source !== "gift_card") continue;
    const payment_methods = { ...owner.payment_methods, [payment_id]: { ...method, amount: method.amount + amount } };
    world.put("users", before.user_id, { ...owner, payment_methods });
  }
  return outcome;
});

export const certificateKeepsItsRemainder = withFault(["book_reservation"], async (tool, world, given) => {
  const before = await world.get("users", given.user_id);
  const outcome = await tool.run(world, given);
  const after = await world.get("users", given.user_id);
  if (outcome.kind === "refusal" || before === undefined || after === undefined) return outcome;
  const kept = reservationIn(outcome).payment_history.flatMap(({ payment_id, amount }) => {
    const method = before.payment_methods[payment_id];
    return method?.source === "certificate" ? [[payment_id, { ...method, amount: method.amount - amount }]] : [];
  });
  world.put("users", String(given.user_id), { ...after, payment_methods: { ...after.payment_methods, ...Object.fromEntries(kept) } });
  return outcome;
});

export const flightChangeStoresTheCabin = withFault(["update_reservation_flights"], async (tool, world, given) => {
  const outcome = await tool.run(world, given);
  if (outcome.kind === "refusal") return outcome;
  const changed = { ...reservationIn(outcome), cabin: given.cabin };
  world.put("reservations", changed.reservation_id, changed);
  return answer(pythonJson(changed));
});

export const zeroPaymentIsListed = withFault(["update_reservation_flights", "update_reservation_baggages"], async (tool, world, given) => {
  const before = await world.get("reservations", given.reservation_id);
  const outcome = await tool.run(world, given);
  if (outcome.kind === "refusal") return outcome;
  const after = reservationIn(outcome);
  if (after.payment_history.length > (before?.payment_history.length ?? 0)) return outcome;
  const changed = { ...after, payment_history: [...after.payment_history, { payment_id: given.payment_id, amount: 0 }] };
  world.put("reservations", after.reservation_id, changed);
  return answer(pythonJson(changed));
});

const WRITING = new Set(["book_reservation", "cancel_reservation", "send_certificate"]);

export const nothingIsWritten: readonly Tool[] = airlineTools.map((tool) =>
  tool.name.startsWith("update_") || WRITING.has(tool.name) ? { ...tool, run: () => answer("") } : tool,
);
