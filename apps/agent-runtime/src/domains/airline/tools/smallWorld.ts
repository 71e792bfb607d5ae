import type { AirlineData, AirlineFlightDay } from "@signalbox/model";
import { memoryWorld } from "./memoryWorld.ts";
import { runTool } from "./runTool.ts";
import { airlineTools } from "./tools.ts";

function onSale(seats: number, price: number): AirlineFlightDay {
  const perCabin = (value: number) => ({ basic_economy: value, economy: value, business: value });
  return { status: "available", available_seats: perCabin(seats), prices: perCabin(price) };
}

/** A very small airline for tests: one user, one reservation, flights A → B → C with a night flight among them. */
export function smallWorld(): AirlineData {
  const flight = (
    flight_number: string,
    origin: string,
    destination: string,
    times: [string, string],
    dates: Record<string, AirlineFlightDay>,
  ) => ({
    flight_number,
    origin,
    destination,
    scheduled_departure_time_est: times[0],
    scheduled_arrival_time_est: times[1],
    dates,
  });
  const address = { address1: "1 Signal Road", address2: "Suite 1", city: "Denver", country: "USA", province: "CO", zip: "80014" };
  const person = { first_name: "Ada", last_name: "Abara", dob: "1990-01-01" };
  return {
    flights: {
      F1: flight("F1", "A", "B", ["08:00:00", "10:00:00"], {
        "2024-05-14": { status: "landed" },
        "2024-05-20": onSale(2, 100),
        "2024-05-21": onSale(9, 120),
      }),
      F2: flight("F2", "B", "C", ["10:00:00", "12:00:00"], { "2024-05-20": onSale(5, 50), "2024-05-21": onSale(5, 55) }),
      F3: flight("F3", "A", "B", ["22:00:00", "01:00:00+1"], { "2024-05-20": onSale(5, 70), "2024-05-08": onSale(5, 70) }),
      F4: flight("F4", "B", "C", ["09:00:00", "11:00:00"], { "2024-05-20": { status: "cancelled" }, "2024-05-21": onSale(5, 61) }),
    },
    reservations: {
      R00001: {
        reservation_id: "R00001",
        user_id: "ada_1",
        origin: "A",
        destination: "B",
        flight_type: "one_way",
        cabin: "economy",
        flights: [{ origin: "A", destination: "B", flight_number: "F1", date: "2024-05-20", price: 90 }],
        passengers: [person],
        payment_history: [{ payment_id: "card_1", amount: 90 }],
        created_at: "2024-05-01T00:00:00",
        total_baggages: 1,
        nonfree_baggages: 0,
        insurance: "no",
      },
    },
    users: {
      ada_1: {
        name: { first_name: "Ada", last_name: "Abara" },
        address,
        email: "ada@example.com",
        dob: "1990-01-01",
        payment_methods: {
          card_1: { source: "credit_card", brand: "visa", last_four: "1234", id: "card_1" },
          gift_1: { source: "gift_card", amount: 100, id: "gift_1" },
          cert_1: { source: "certificate", amount: 150, id: "cert_1" },
        },
        saved_passengers: [person],
        membership: "gold",
        reservations: ["R00001"],
      },
    },
  };
}

/** An agent's desk in the small world: calls run one after another, and each sees the effects of the earlier ones. */
export function openDesk(tools = airlineTools) {
  const world = memoryWorld(smallWorld());
  return {
    world,
    /** Calls a tool and returns the text that the agent reads. */
    async call(name: string, given: Record<string, unknown>): Promise<string> {
      const { outcome, writes } = await runTool(tools, world, { name, arguments: given });
      world.store(writes);
      return outcome.output;
    },
  };
}
