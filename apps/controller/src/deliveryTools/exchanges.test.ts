import { expect, test } from "vitest";
import exchanges from "./__fixtures__/exchanges.json" with { type: "json" };
import { openTools } from "./testing/openTools.ts";

test.each(exchanges)("$source", async ({ request: { method, path, headers, body }, answer }) => {
  await using tools = await openTools();
  tools.rollouts.set({}, {});
  const given = await fetch(tools.url + path, { method, headers: Object.entries(headers), ...(body === undefined ? {} : { body }) });
  const text = await given.text();
  expect([given.status, given.headers.get("content-type")]).toEqual([answer.status, answer.contentType]);
  for (const part of answer.contains) expect(text).toContain(part);
});
