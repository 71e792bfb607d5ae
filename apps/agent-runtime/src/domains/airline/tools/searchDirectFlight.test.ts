import { expect, test } from "vitest";
import { openDesk } from "./smallWorld.ts";

const search = (date: string) => openDesk().call("search_direct_flight", { origin: "A", destination: "B", date });

test("flights on sale that day are listed in the data set's order, without their other days", async () => {
  const flights = JSON.parse(await search("2024-05-20"));
  expect(flights.map(({ flight_number }: { flight_number: string }) => flight_number)).toEqual(["F1", "F3"]);
  expect(Object.keys(flights[0])).toEqual([
    "flight_number",
    "origin",
    "destination",
    "scheduled_departure_time_est",
    "scheduled_arrival_time_est",
    "status",
    "available_seats",
    "prices",
  ]);
});

test("a day on which nothing is on sale, or an unknown one, has no flights", async () => {
  expect(await search("2024-05-14")).toBe("[]");
  expect(await search("tomorrow")).toBe("[]");
});
