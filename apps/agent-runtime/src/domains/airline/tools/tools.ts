import { bookReservation } from "./bookReservation.ts";
import { calculate } from "./calculate.ts";
import { cancelReservation } from "./cancelReservation.ts";
import { getReservationDetails } from "./getReservationDetails.ts";
import { getUserDetails } from "./getUserDetails.ts";
import { listAllAirports } from "./listAllAirports.ts";
import { searchDirectFlight } from "./searchDirectFlight.ts";
import { searchOnestopFlight } from "./searchOnestopFlight.ts";
import { sendCertificate } from "./sendCertificate.ts";
import { think } from "./think.ts";
import type { Tool } from "./tool.ts";
import { transferToHumanAgents } from "./transferToHumanAgents.ts";
import { updateReservationBaggages } from "./updateReservationBaggages.ts";
import { updateReservationFlights } from "./updateReservationFlights.ts";
import { updateReservationPassengers } from "./updateReservationPassengers.ts";

/** Every tool of the airline's agent. */
export const airlineTools: readonly Tool[] = [
  bookReservation,
  calculate,
  cancelReservation,
  getReservationDetails,
  getUserDetails,
  listAllAirports,
  searchDirectFlight,
  searchOnestopFlight,
  sendCertificate,
  think,
  transferToHumanAgents,
  updateReservationBaggages,
  updateReservationFlights,
  updateReservationPassengers,
];
