import { expect, test } from "vitest";
import { definitionsOf } from "../../domains/airline/tools/definitions.ts";
import { airlineTools } from "../../domains/airline/tools/tools.ts";
import { handOver } from "./personPlanner.ts";

test("a person is given the customer's message by the domain's own tool", () => {
  const move = handOver({ domain: "airline", message: "Help!", tools: definitionsOf(airlineTools) });
  expect(move).toMatchObject({ kind: "tool", call: { name: "transfer_to_human_agents", arguments: { summary: "Help!" } } });
});

test("a domain whose tools hand over to nobody says so", () => {
  const tools = definitionsOf(airlineTools).filter(({ endsEpisode }) => !endsEpisode);
  expect(() => handOver({ domain: "airline", message: "Help!", tools })).toThrow(expect.objectContaining({ code: "invalid_input" }));
});
