import { AirlineReservation, AirlineUser } from "@signalbox/model";
import { z } from "zod";

const CabinNumbers = z.object({ basic_economy: z.number(), economy: z.number(), business: z.number() });

/** A flight in the result of a search, with the fields that rules use. */
export const FoundFlight = z.object({
  flight_number: z.string(),
  origin: z.string(),
  destination: z.string(),
  scheduled_departure_time_est: z.string(),
  scheduled_arrival_time_est: z.string(),
  available_seats: CabinNumbers,
  prices: CabinNumbers,
});
export type FoundFlight = z.infer<typeof FoundFlight>;

export type Cabin = keyof FoundFlight["prices"];

/** A tool's output as a document; null when the tool refused. */
function readOutput<Schema extends z.ZodType>(schema: Schema, output: string): z.output<Schema> | null {
  return output.startsWith("Error: ") ? null : schema.parse(JSON.parse(output));
}

/** The reservation in a tool's output; null when the tool refused. */
export const readReservation = (output: string): AirlineReservation | null => readOutput(AirlineReservation, output);

/** The user in a tool's output; null when the tool refused. */
export const readUser = (output: string): AirlineUser | null => readOutput(AirlineUser, output);

/** The flights in a search's output, in its order. */
export const readFlights = (output: string): FoundFlight[] => readOutput(z.array(FoundFlight), output) ?? [];
