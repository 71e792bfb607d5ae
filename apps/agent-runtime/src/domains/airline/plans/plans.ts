import type { Domain } from "../../domain.ts";
import { bookFlight } from "./bookFlight.ts";
import { cancelReservation } from "./cancelReservation.ts";
import { changeBaggage } from "./changeBaggage.ts";
import { changeFlight } from "./changeFlight.ts";
import { checkReservation } from "./checkReservation.ts";
import { searchFlights } from "./searchFlights.ts";
import { speakToHuman } from "./speakToHuman.ts";

/** The plan for each intent. */
export const PLANS: Domain["plans"] = {
  book_flight: bookFlight,
  cancel_reservation: cancelReservation,
  change_baggage: changeBaggage,
  change_flight: changeFlight,
  check_reservation: checkReservation,
  search_flights: searchFlights,
  speak_to_human: speakToHuman,
};
