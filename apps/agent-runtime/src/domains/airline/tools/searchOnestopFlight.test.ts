import { expect, test } from "vitest";
import { openDesk } from "./smallWorld.ts";

type Leg = { flight_number: string; date: string; prices: { economy: number } };

const search = (date: unknown) => openDesk().call("search_onestop_flight", { origin: "A", destination: "C", date });

test("legs that meet are paired, and the second may leave the minute the first arrives", async () => {
  const pairs: Leg[][] = JSON.parse(await search("2024-05-20"));
  expect(pairs.map((legs) => legs.map((leg) => `${leg.flight_number} ${leg.date}`))).toContainEqual(["F1 2024-05-20", "F2 2024-05-20"]);
});

test("after a night flight the second leg is a day later but shows the seats and prices of the first day", async () => {
  const pairs: Leg[][] = JSON.parse(await search("2024-05-20"));
  const [, second] = pairs.find(([first, then]) => first?.flight_number === "F3" && then?.flight_number === "F2") ?? [];
  expect(second).toMatchObject({ date: "2024-05-21", prices: { economy: 50 } });
  expect(pairs.find(([first, then]) => first?.flight_number === "F3" && then?.flight_number === "F4")?.[1]).toMatchObject({
    status: "cancelled",
    date: "2024-05-21",
  });
});

test("single-digit days are not padded, so a night flight before the ninth finds no second leg", async () => {
  expect(await search("2024-05-08")).toBe("[]");
});

test("a date that does not end in a number fails where a night flight needs the day after", async () => {
  expect(await search("someday")).toBe("Error: invalid literal for int() with base 10: 'ay'");
  expect(await search(20)).toBe("Error: 'int' object is not subscriptable");
});
