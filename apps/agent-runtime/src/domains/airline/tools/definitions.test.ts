import { ToolDefinition } from "@signalbox/model";
import { expect, test } from "vitest";
import { definitionsOf } from "./definitions.ts";
import { defineTool } from "./tool.ts";
import { airlineTools } from "./tools.ts";

test.each(airlineTools.map((tool) => [tool.name, tool] as const))("%s is described with exactly the arguments that it takes", (_, tool) => {
  const [definition] = definitionsOf([tool]);
  expect(ToolDefinition.parse(definition)).toEqual(definition);
  expect(definition?.description).not.toBe(tool.name);
  expect(Object.keys(definition?.parameters.properties as object).sort()).toEqual([...tool.parameters].sort());
  expect(definition?.endsEpisode).toBe(tool.endsEpisode);
});

test("a tool without a description is described by the names of its arguments", () => {
  const dance = defineTool({ name: "dance", parameters: ["partner"], run: () => ({ kind: "answer", output: "" }) });
  const parameters = { type: "object", properties: { partner: {} }, required: ["partner"], additionalProperties: false };
  expect(definitionsOf([dance])).toEqual([{ name: "dance", description: "dance", parameters, endsEpisode: false }]);
});
