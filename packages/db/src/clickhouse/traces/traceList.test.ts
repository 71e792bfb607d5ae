import type { TraceFilter } from "@signalbox/model";
import { expect, test } from "vitest";
import {
  besideRoots,
  foundKeys,
  inListOrder,
  minuteArrivals,
  ownKeys,
  rootKeys,
  rootlessKeys,
  type TraceListQuery,
  traceHistogram,
} from "./traceList.ts";
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
  scores: [
    { name: "reward", comparison: "<", limit: 0.5 },
    { name: "tone", comparison: ">=", limit: 4 },
  ],
};

const STATEMENTS = {
  "root-keys": rootKeys(plain),
  "root-keys-every-filter": rootKeys({ ...plain, filter: everything, cursor }),
  "root-keys-newer": rootKeys({ ...plain, cursor, direction: "newer" }),
  "rootless-keys": rootlessKeys(plain),
  "rootless-keys-every-filter": rootlessKeys({ ...plain, filter: { ...everything, status: "incomplete" }, cursor }),
  "rootless-keys-newer": rootlessKeys({ ...plain, cursor, direction: "newer" }),
  "rootless-keys-of-a-day": rootlessKeys({ ...plain, window: { ...window, to: "1795478400000000000" } }),
  "minute-arrivals": minuteArrivals("default", window),
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
    rootKeys({ ...plain, filter }),
    rootlessKeys({ ...plain, filter }),
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

const key = (seconds: number, id: string) => ({ startTimeUnixNano: `${seconds}000000000`, traceId: id.repeat(32) });

test("keys are in the list's order: by start, then by id, as many as are asked for", () => {
  const keys = [key(9, "a"), key(10, "b"), key(10, "c"), key(8, "d")];
  expect(inListOrder({ ...plain, limit: 3 }, keys)).toEqual([key(10, "c"), key(10, "b"), key(9, "a")]);
  expect(inListOrder({ ...plain, direction: "newer", limit: 3 }, keys)).toEqual([key(8, "d"), key(9, "a"), key(10, "b")]);
});

test("traces without a root are looked for no farther than roots fill the page", () => {
  const roots = [key(30, "a"), key(20, "b")];
  expect(besideRoots({ ...plain, limit: 3 }, roots).window).toEqual(window);
  expect(besideRoots({ ...plain, limit: 2 }, roots).window).toEqual({ from: "20000000000", to: window.to });
  expect(besideRoots({ ...plain, limit: 2, direction: "newer" }, roots.toReversed()).window).toEqual({
    from: window.from,
    to: "30000000001",
  });
});
