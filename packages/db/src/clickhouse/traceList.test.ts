import type { TraceFilter } from "@signalbox/model";
import { expect, test } from "vitest";
import { foundKeys, headKeys, ownKeys, type TraceListQuery, traceHistogram } from "./traceList.ts";
import { totalsOfTrace, traceTotals } from "./traceTotals.ts";

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
  "head-keys": headKeys(plain),
  "head-keys-every-filter": headKeys({ ...plain, filter: everything, cursor }),
  "head-keys-newer": headKeys({ ...plain, cursor, direction: "newer" }),
  "head-keys-incomplete": headKeys({ ...plain, filter: { ...everything, status: "incomplete" }, cursor }),
  "head-keys-of-a-day": headKeys({ ...plain, window: { ...window, to: "1795478400000000000" } }),
  "found-keys-every-filter": foundKeys({ ...plain, filter: everything, cursor }),
  "own-keys": ownKeys({ ...plain, filter: { user: "u" } }, "user"),
  "own-keys-newer": ownKeys({ ...plain, filter: { session: "s" }, cursor, direction: "newer" }, "session"),
  totals: traceTotals("default", window, ["a".repeat(32)]),
  "totals-of-trace": totalsOfTrace("default", "a".repeat(32)),
  "totals-every-filter": traceTotals("default", window, ["a".repeat(32)], everything),
  histogram: traceHistogram("default", window, { hasErrors: true, minCostUsd: 1 }, 60),
  "histogram-of-roots": traceHistogram("default", window, { name: "chat" }, 60),
};

for (const [name, { sql }] of Object.entries(STATEMENTS)) {
  test(`${name}: the SQL is as it was reviewed`, () => expect(`${sql}\n`).toMatchFileSnapshot(`__golden__/${name}.sql`));
}

test("what a person typed is bound, never part of the SQL", () => {
  const nasty = "x' OR 1=1 --";
  const filter = { name: nasty, session: nasty, user: nasty, tag: nasty, model: nasty, text: nasty, words: nasty };
  for (const { sql, params } of [
    headKeys({ ...plain, filter }),
    foundKeys({ ...plain, filter }),
    ownKeys({ ...plain, filter }, "user"),
    traceTotals("default", window, [], filter),
  ]) {
    expect(sql).not.toContain("1=1");
    expect(params).toMatchObject(filter);
  }
});

test("text is also sought as it stands inside JSON", () => {
  expect(foundKeys({ ...plain, filter: everything }).params).toMatchObject({ text: 'say "hi"', textInJson: 'say \\"hi\\"' });
});
