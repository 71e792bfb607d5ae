import type { ToolDefinition } from "@signalbox/model";
import type { Tool } from "./tool.ts";

/** The JSON Schema of one argument. */
type ArgumentSchema = Readonly<Record<string, unknown>>;

/** The description of a tool for a model: when to use it, and what each argument is. */
type Explanation = { readonly description: string; readonly arguments: Readonly<Record<string, ArgumentSchema>> };

const USER_ID: ArgumentSchema = { type: "string", description: "The customer's user id, like ada_abara_1001." };
const RESERVATION_ID: ArgumentSchema = { type: "string", description: "Six capital letters and digits, like K2X4YZ." };
const DAY: ArgumentSchema = { type: "string", description: "A day as YYYY-MM-DD." };
const CABIN: ArgumentSchema = { type: "string", enum: ["basic_economy", "economy", "business"] };
const ORIGIN: ArgumentSchema = { type: "string", description: "The airport of departure by its three letters." };
const DESTINATION: ArgumentSchema = { type: "string", description: "The airport of arrival by its three letters." };
const PAYMENT_ID: ArgumentSchema = { type: "string", description: "One of the ways to pay that the user's details list, by its id." };
const BAGS: ArgumentSchema = { type: "integer", description: "All checked bags of the reservation, those it had before included." };
const PAID_BAGS: ArgumentSchema = { type: "integer", description: "How many of all bags are paid for, because they exceed the free ones." };

/** A schema of a list whose items all have the given members. */
function listOf(members: Readonly<Record<string, ArgumentSchema>>, description: string): ArgumentSchema {
  return { type: "array", description, items: { type: "object", properties: members, required: Object.keys(members) } };
}

const FLIGHTS = listOf({ flight_number: { type: "string" }, date: DAY }, "Every flight of the reservation, in order, unchanged ones too.");
const PASSENGERS = listOf(
  { first_name: { type: "string" }, last_name: { type: "string" }, dob: { ...DAY, description: "The day of birth as YYYY-MM-DD." } },
  "Every passenger of the reservation.",
);
const ROUTE = { origin: ORIGIN, destination: DESTINATION, date: DAY };

/** The descriptions of the tools, by name. */
const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  book_reservation: {
    description: "Books flights for a user. The payments must add up to the whole price.",
    arguments: {
      user_id: USER_ID,
      origin: ORIGIN,
      destination: DESTINATION,
      flight_type: { type: "string", enum: ["one_way", "round_trip"] },
      cabin: CABIN,
      flights: FLIGHTS,
      passengers: PASSENGERS,
      payment_methods: listOf(
        { payment_id: PAYMENT_ID, amount: { type: "number", description: "US dollars." } },
        "What is paid by each way to pay.",
      ),
      total_baggages: BAGS,
      nonfree_baggages: PAID_BAGS,
      insurance: { type: "string", enum: ["yes", "no"] },
    },
  },
  calculate: {
    description: "Works out an arithmetic expression, rounded to two places.",
    arguments: { expression: { type: "string", description: "Numbers, + - * / and parentheses." } },
  },
  cancel_reservation: {
    description: "Cancels a whole reservation and pays back what was paid.",
    arguments: { reservation_id: RESERVATION_ID },
  },
  get_reservation_details: {
    description: "Looks up a reservation: its flights, passengers, payments and bags.",
    arguments: { reservation_id: RESERVATION_ID },
  },
  get_user_details: {
    description: "Looks up a user: name, membership, ways to pay, reservations.",
    arguments: { user_id: USER_ID },
  },
  list_all_airports: { description: "Lists the airports and their cities.", arguments: {} },
  search_direct_flight: { description: "Finds direct flights of a day, with seats and prices by cabin.", arguments: ROUTE },
  search_onestop_flight: { description: "Finds connections with one stop on a day, with seats and prices by cabin.", arguments: ROUTE },
  send_certificate: {
    description: "Gives a user a certificate as compensation.",
    arguments: { user_id: USER_ID, amount: { type: "number", description: "US dollars." } },
  },
  think: {
    description: "Writes down a thought. It changes nothing and finds nothing out.",
    arguments: { thought: { type: "string" } },
  },
  transfer_to_human_agents: {
    description: "Hands the conversation over to a person, which ends it. For what the rules or the tools do not allow.",
    arguments: { summary: { type: "string", description: "What the customer wants, and what was done so far." } },
  },
  update_reservation_baggages: {
    description: "Changes the number of checked bags of a reservation and charges for the paid ones.",
    arguments: { reservation_id: RESERVATION_ID, total_baggages: BAGS, nonfree_baggages: PAID_BAGS, payment_id: PAYMENT_ID },
  },
  update_reservation_flights: {
    description: "Replaces all flights of a reservation and settles the difference in price.",
    arguments: { reservation_id: RESERVATION_ID, cabin: CABIN, flights: FLIGHTS, payment_id: PAYMENT_ID },
  },
  update_reservation_passengers: {
    description: "Replaces the passengers of a reservation. Their number must stay the same.",
    arguments: { reservation_id: RESERVATION_ID, passengers: PASSENGERS },
  },
};

/** Schemas of arguments of which only the names are known. */
function namedOnly({ parameters }: Tool): Explanation["arguments"] {
  return Object.fromEntries(parameters.map((name) => [name, {}]));
}

/** The tools as they are described to a planner, sorted by name. Every argument is required, and others are not allowed. */
export function definitionsOf(tools: readonly Tool[]): ToolDefinition[] {
  const definitions = tools.map((tool): ToolDefinition => {
    const { description = tool.name, arguments: properties = namedOnly(tool) } = EXPLANATIONS[tool.name] ?? {};
    const parameters = { type: "object", properties, required: [...tool.parameters], additionalProperties: false };
    return { name: tool.name, description, parameters, endsEpisode: tool.endsEpisode };
  });
  return definitions.sort((a, b) => (a.name < b.name ? -1 : 1));
}
