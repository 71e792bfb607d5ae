import type { TraceFilter } from "@signalbox/model";
import { expect, test } from "vitest";
import { foundKeys, ownKeys, rootKeys, rootlessKeys, type TraceListQuery, traceHistogram } from "./traceList.ts";
import { traceTotals } from "./traceTotals.ts";

const window = { from: "1795392000000000000", to: "1795395600000000000" };
const plain: TraceListQuery = { project: "default", window, filter: {}, cursor: null, direction: "older", limit: 50 };
const cursor = { startTimeUnixNano: "1795393000000000000", traceId: "a".repeat(32) };
const everything: TraceFilter = {
  status: "error",
  hasErrors: true,
  name: "chat",
  session: "s",
  user: "u",
  tag: "t",
  model: "m",
  text: 'say "hi"',
  words: "hi there",
  minDurationMs: 1.5,
  minCostUsd: 0.01,
};

const STATEMENTS = {
  "root-keys": rootKeys(plain),
  "root-keys-every-filter": rootKeys({ ...plain, filter: everything, cursor }),
  "root-keys-newer": rootKeys({ ...plain, cursor, direction: "newer" }),
  "rootless-keys": rootlessKeys(plain),
  "rootless-keys-every-filter": rootlessKeys({ ...plain, filter: { ...everything, status: undefined }, cursor }),
  "rootless-keys-of-a-day": rootlessKeys({ ...plain, window: { ...window, to: "1795478400000000000" } }),
  "found-keys-every-filter": foundKeys({ ...plain, filter: everything, cursor }),
  "own-keys": ownKeys({ ...plain, filter: { user: "u" } }, "user"),
  "own-keys-newer": ownKeys({ ...plain, filter: { session: "s" }, cursor, direction: "newer" }, "session"),
  totals: traceTotals("default", window, ["a".repeat(32)], { reading: "quick" }),
  "totals-exact": traceTotals("default", window, ["a".repeat(32)], { reading: "exact" }),
  "totals-every-filter": traceTotals("default", window, ["a".repeat(32)], { filter: everything, reading: "quick" }),
  histogram: traceHistogram("default", window, { hasErrors: true, minCostUsd: 1 }, 60),
  "histogram-of-roots": traceHistogram("default", window, { name: "chat" }, 60),
};

for (const [name, { sql }] of Object.entries(STATEMENTS)) {
  test(`${name}: the SQL is as it was reviewed`, () => expect(`${sql}\n`).toMatchFileSnapshot(`__golden__/${name}.sql`));
}

test("what a person typed is bound, never part of the SQL", () => {
  const nasty = "x' OR 1=1 --";
  const filter = { name: nasty, session: nasty, user: nasty, tag: nasty, model: nasty, text: nasty, words: nasty };
  const reading = "exact";
  for (const { sql, params } of [
    rootKeys({ ...plain, filter }),
    rootlessKeys({ ...plain, filter }),
    foundKeys({ ...plain, filter }),
    ownKeys({ ...plain, filter }, "user"),
    traceTotals("default", window, [], { filter, reading }),
  ]) {
    expect(sql).not.toContain("1=1");
    expect(params).toMatchObject(filter);
  }
});

test("text is also sought as it stands inside JSON", () => {
  expect(foundKeys({ ...plain, filter: everything }).params).toMatchObject({ text: 'say "hi"', textInJson: 'say \\"hi\\"' });
});
