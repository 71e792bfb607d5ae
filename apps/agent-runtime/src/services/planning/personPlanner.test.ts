import { expect, test } from "vitest";
import { definitionsOf } from "../../domains/airline/tools/definitions.ts";
import { airlineTools } from "../../domains/airline/tools/tools.ts";
import { handOver } from "./personPlanner.ts";

test("the domain's own tool hands the customer's message to a person", () => {
  const move = handOver({ domain: "airline", message: "Help!", tools: definitionsOf(airlineTools) });
  expect(move).toMatchObject({ kind: "tool", call: { name: "transfer_to_human_agents", arguments: { summary: "Help!" } } });
});

test("a domain without a tool for handing over says so", () => {
  const tools = definitionsOf(airlineTools).filter(({ endsEpisode }) => !endsEpisode);
  expect(() => handOver({ domain: "airline", message: "Help!", tools })).toThrow(expect.objectContaining({ code: "invalid_input" }));
});
