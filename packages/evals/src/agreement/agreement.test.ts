import { expect, test } from "vitest";
import { agreementOf, type PersonAnswer } from "./agreement.ts";

/** Answers of ann and bob about `count` items each. */
const both = (name: string, one: number, other: number, count: number): PersonAnswer[] =>
  Array.from({ length: count }, (_, index) => [
    { item: `${name}${index}`, person: "ann", answer: one },
    { item: `${name}${index}`, person: "bob", answer: other },
  ]).flat();
const table = [...both("a", 0, 0, 20), ...both("b", 0, 1, 5), ...both("c", 1, 0, 10), ...both("d", 1, 1, 15)];

test("two people have Cohen's kappa, beside their raw agreement, with an interval over items", () => {
  const found = agreementOf(table, 2, "nominal");
  expect(found).toMatchObject({ measure: "kappa", people: 2, items: 50, raw: 0.7, value: expect.closeTo(0.4, 12) });
  expect(Math.abs((found?.lower ?? 0) - 0.15)).toBeLessThan(0.06);
  expect(Math.abs((found?.upper ?? 0) - 0.65)).toBeLessThan(0.06);
});

test("what only one person answered counts for nothing, and a third person makes it Krippendorff's alpha", () => {
  expect(agreementOf([...table, { item: "alone", person: "ann", answer: 1 }], 2, "nominal")).toMatchObject({ items: 50, raw: 0.7 });
  const three = agreementOf([...table, { item: "a0", person: "cid", answer: 0 }], 2, "nominal");
  expect(three).toMatchObject({ measure: "alpha", people: 3, items: 50 });
});

test("on a scale a near miss weighs less than a far one", () => {
  const near = [...both("a", 0, 1, 5), ...both("b", 4, 4, 5), ...both("c", 0, 0, 5)];
  const far = [...both("a", 0, 4, 5), ...both("b", 4, 4, 5), ...both("c", 0, 0, 5)];
  const valueIn = (given: PersonAnswer[], level: "nominal" | "ordinal") => agreementOf(given, 5, level)?.value ?? 0;
  expect(valueIn(near, "ordinal")).toBeGreaterThan(valueIn(near, "nominal"));
  expect(valueIn(near, "ordinal")).toBeGreaterThan(valueIn(far, "ordinal"));
});

test("without two answers about one item there is no agreement, and with the same answer throughout no chance-corrected one", () => {
  expect(agreementOf([{ item: "a", person: "ann", answer: 0 }], 2, "nominal")).toBeNull();
  expect(agreementOf(both("a", 0, 0, 4), 2, "nominal")).toMatchObject({ raw: 1, value: null, lower: null, upper: null });
});
