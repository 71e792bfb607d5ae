import type { AirlineFlight, AirlineFlightDay } from "@signalbox/model";
import type { Draws } from "../../seededDraws.ts";
import { AIRPORTS } from "../tools/listAllAirports.ts";
import { DAYS, dateOf, momentOf, NOW_MINUTES, TODAY, timeOf } from "./calendar.ts";

export const CABINS = ["basic_economy", "economy", "business"] as const;
type Cabin = (typeof CABINS)[number];
type PerCabin = Record<Cabin, number>;

/** A flight with the base fares (US dollars) around which its prices vary. */
export interface DemoFlight {
  readonly flight: AirlineFlight;
  readonly fares: PerCabin;
}

const ROUTES = 60;
const FIRST_NUMBER = 100;
/** How many of the airports are hubs: every route begins or ends at one of them. */
const HUBS = 8;

function perCabin(of: (cabin: Cabin) => number): PerCabin {
  return { basic_economy: of("basic_economy"), economy: of("economy"), business: of("business") };
}

/** The state of a flight on a day, as of the demo's clock. `departure` and `arrival` are minutes after that day's midnight. */
function makeDay(random: Draws, day: number, departure: number, arrival: number, fares: PerCabin): AirlineFlightDay {
  if (day > TODAY) {
    const available_seats = perCabin(() => random.integer(0, 20));
    return { status: "available", available_seats, prices: perCabin((cabin) => fares[cabin] + random.integer(-20, 40)) };
  }
  const lateMinutes = random.integer(-10, 45);
  const leaves = departure + Math.max(0, lateMinutes);
  const lands = arrival + lateMinutes;
  const [leavesAt, landsAt] = [momentOf(day, leaves), momentOf(day, lands)];
  const isOver = (minutes: number): boolean => day < TODAY || minutes < NOW_MINUTES;
  if (!isOver(leaves)) {
    return {
      status: lateMinutes > 15 ? "delayed" : "on time",
      estimated_departure_time_est: leavesAt,
      estimated_arrival_time_est: landsAt,
    };
  }
  if (!isOver(lands)) return { status: "flying", actual_departure_time_est: leavesAt, estimated_arrival_time_est: landsAt };
  if (random.chance(0.05)) return { status: "cancelled" };
  return { status: "landed", actual_departure_time_est: leavesAt, actual_arrival_time_est: landsAt };
}

function makeFlight(random: Draws, number: number, origin: string, destination: string): DemoFlight {
  const departure = random.integer(24, 92) * 15;
  const arrival = departure + random.integer(4, 24) * 15;
  const economy = random.integer(90, 240);
  const fares = { basic_economy: Math.round(economy * 0.6), economy, business: Math.round(economy * 2.4) };
  const dates: Record<string, AirlineFlightDay> = {};
  for (let day = 1; day <= DAYS; day += 1) dates[dateOf(day)] = makeDay(random, day, departure, arrival, fares);
  const flight = {
    flight_number: `SBX${number}`,
    origin,
    destination,
    scheduled_departure_time_est: timeOf(departure),
    scheduled_arrival_time_est: timeOf(arrival),
    dates,
  };
  return { flight, fares };
}

/** The demo's flights, by number: every route has one in each direction. */
export function makeFlights(random: Draws): readonly DemoFlight[] {
  const codes = Object.keys(AIRPORTS);
  return Array.from({ length: ROUTES }, (_, route) => {
    const hub = random.pick(codes.slice(0, HUBS));
    const other = random.pick(codes.filter((code) => code !== hub));
    const number = FIRST_NUMBER + 2 * route;
    return [makeFlight(random, number, hub, other), makeFlight(random, number + 1, other, hub)];
  }).flat();
}
