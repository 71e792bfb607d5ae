import { expect, test } from "vitest";
import { runTool } from "./runTool.ts";
import { openDesk } from "./smallWorld.ts";
import { defineTool } from "./tool.ts";
import { airlineTools } from "./tools.ts";

test("an unknown tool is named", async () => {
  expect(await openDesk().call("teleport", {})).toBe("Unknown action teleport");
});

test.each([
  ["cancel_reservation", {}, "CancelReservation.invoke() missing 1 required positional argument: 'reservation_id'"],
  ["send_certificate", {}, "SendCertificate.invoke() missing 2 required positional arguments: 'user_id' and 'amount'"],
  ["search_direct_flight", {}, "SearchDirectFlight.invoke() missing 3 required positional arguments: 'origin', 'destination', and 'date'"],
  ["cancel_reservation", { a: 1 }, "CancelReservation.invoke() got an unexpected keyword argument 'a'"],
  ["list_all_airports", { a: 1 }, "ListAllAirports.invoke() got an unexpected keyword argument 'a'"],
])("%s is refused with the arguments that it lacks or does not know", async (name, given, reason) => {
  expect(await openDesk().call(name, given)).toBe(`Error: ${reason}`);
});

test("the tools that need no data answer", async () => {
  const desk = openDesk();
  expect(await desk.call("think", { thought: "hm" })).toBe("");
  expect(await desk.call("transfer_to_human_agents", { summary: "tired" })).toBe("Transfer successful");
  expect(await desk.call("list_all_airports", {})).toMatch(/^\{"SFO": "San Francisco", "JFK": "New York", .*, "LGA": "LaGuardia"\}$/);
});

test("handing over to a person ends the conversation, even when called wrongly", async () => {
  const { world } = openDesk();
  expect(await runTool(airlineTools, world, { name: "transfer_to_human_agents", arguments: {} })).toMatchObject({ endsEpisode: true });
  expect(await runTool(airlineTools, world, { name: "think", arguments: { thought: "" } })).toMatchObject({ endsEpisode: false });
});

test("a call sees its own writes, and a refusal keeps none of them", async () => {
  const { world } = openDesk();
  const hesitant = defineTool({
    name: "hesitate",
    parameters: [],
    async run(open) {
      open.put("users", "eve_1", { reservations: [] });
      return { kind: "refusal", output: `Error: ${JSON.stringify(await open.get("users", "eve_1"))}` };
    },
  });
  expect(await runTool([hesitant], world, { name: "hesitate", arguments: {} })).toMatchObject({
    outcome: { output: 'Error: {"reservations":[]}' },
    writes: [],
  });
});

test("a fault of the store is thrown, not answered", async () => {
  const { world } = openDesk();
  const broken = { ...world, get: () => Promise.reject(new Error("connection lost")) };
  await expect(runTool(airlineTools, broken, { name: "get_user_details", arguments: { user_id: "ada_1" } })).rejects.toThrow(
    "connection lost",
  );
});

test("arguments of any shape get an answer and never cause a fault of ours", async () => {
  const shapes = [
    null,
    true,
    0,
    -1.5,
    "",
    "ab",
    "F1",
    "ada_1",
    "R00001",
    "card_1",
    "2024-05-20",
    [],
    [null],
    ["a"],
    [[]],
    [{}],
    {},
    { length: 3 },
  ];
  const items = [
    [{ flight_number: "F1", date: "2024-05-20" }],
    [{ payment_id: "gift_1", amount: "x" }],
    [{ payment_id: "card_1", amount: 1 }],
  ];
  for (const tool of airlineTools) {
    for (let round = 0; round < 400; round += 1) {
      const choices = [...shapes, ...items];
      const given = tool.parameters.map((name, index) => [name, choices[(round * 7 + index * (round % 11) + index) % choices.length]]);
      const { outcome } = await runTool(airlineTools, openDesk().world, { name: tool.name, arguments: Object.fromEntries(given) });
      expect(outcome.output).toBeTypeOf("string");
    }
  }
});
