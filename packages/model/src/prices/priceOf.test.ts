import { expect, test } from "vitest";
import { PRICE_LISTS } from "./priceLists.ts";
import { dayOf, priceOf, priceTable } from "./priceOf.ts";

const TODAY = dayOf(Date.UTC(2026, 10, 26));

test.each([
  ["gpt-4o", 2.5],
  ["gpt-4o-2024-08-06", 2.5],
  ["gpt-4o-2024-05-13", 5],
  ["openai/gpt-4o-mini", 0.15],
  ["claude-sonnet-4-5-20250929", 3],
  ["claude-sonnet-4-5@20250929", 3],
  ["us.anthropic.claude-sonnet-4-5-20250929-v1:0", 3],
  ["bedrock/eu.anthropic.claude-opus-4-5-20251101-v1:0", 5],
  ["anthropic.claude-3-haiku-20240307-v1:0", 0.25],
  ["models/gemini-2.5-pro", 1.25],
  ["mistral-small-latest", 0.15],
  ["meta-llama/Llama-4-Scout-17B-16E-Instruct", 0.18],
])("%s costs %d dollars per million tokens of input", (model, input) => {
  expect(priceOf(model, TODAY)?.input).toBe(input);
});

test.each(["my-model", "", "gpt", "gpt-4o-mine", "constructor", "/"])("the price of %s is unknown", (model) => {
  expect(priceOf(model, TODAY)).toBeNull();
});

test("every list says where its prices are from and when, and a cached token never costs more than another", () => {
  for (const { source, asOf, models } of PRICE_LISTS) {
    expect([source, asOf]).toEqual([expect.stringMatching(/^https:\/\//), expect.stringMatching(/^20\d\d-[01]\d$/)]);
    for (const [model, { input, output, cached = 0 }] of Object.entries(models)) {
      expect([input > 0, output >= 0, cached <= input], model).toEqual([true, true, true]);
    }
  }
});

test("no model has two prices", () => {
  const names = PRICE_LISTS.flatMap(({ models }) => Object.keys(models));
  expect(names.length).toBe(new Set(names).size);
});

test("a span has the price of its own day", () => {
  const one = { source: "https://example.org", asOf: "2026-11", models: { m: { input: 1, output: 1 } } };
  const former = [
    { until: "2026-11-01", models: { m: { input: 2, output: 2 } } },
    { until: "2026-06-01", models: { m: { input: 3, output: 3 }, gone: { input: 4, output: 4 } } },
  ];
  const priceThen = priceTable([{ ...one, former }]);
  const costOn = (day: string, model = "m") => priceThen(model, dayOf(Date.parse(day)))?.input ?? null;
  expect([costOn("2026-11-01"), costOn("2026-10-31"), costOn("2026-06-01"), costOn("2026-05-31")]).toEqual([1, 2, 2, 3]);
  expect([costOn("2026-05-31", "gone"), costOn("2026-06-01", "gone")]).toEqual([4, null]);
});

test("what a list says of former prices is in order, and of days", () => {
  for (const { former = [] } of PRICE_LISTS) {
    const days = former.map(({ until }) => until);
    expect(days).toEqual(days.toSorted().reverse());
    for (const day of days) expect(day).toMatch(/^20\d\d-[01]\d-[0-3]\d$/);
  }
});
