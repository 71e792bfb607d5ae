import type { TraceFacet, TraceFilter } from "@signalbox/model";
import { expect, test } from "vitest";
import type { Context } from "../context.ts";
import { facetValues, filterBeside } from "./facetValues.ts";

type Asked = { filter: TraceFilter; facets: readonly TraceFacet[]; keep: readonly string[] };

/** A stub that returns nothing, and records the queries. */
function listening() {
  const asked: Asked[] = [];
  const values: Context["facets"]["values"] = async ({ filter, facets, keep }) => {
    asked.push({ filter, facets, keep });
    return { rows: [], oneIn: 1 };
  };
  return { asked, ctx: { facets: { values } } };
}

const ask = { project: "default", window: { from: "0", to: "1" }, search: "", limit: 10 };

test("facets without a condition are counted together, one with a condition by itself and without it", async () => {
  const { asked, ctx } = listening();
  const filter: TraceFilter = { model: "gpt-4o", only: { tag: ["a"], user: ["u"] }, without: { tag: ["b"] }, text: "x" };
  await facetValues(ctx, { ...ask, filter, facets: ["service", "model", "kind", "tag"] });
  expect(asked).toEqual([
    { facets: ["service", "kind"], filter, keep: [] },
    { facets: ["model"], filter: { only: { tag: ["a"], user: ["u"] }, without: { tag: ["b"] }, text: "x" }, keep: ["gpt-4o"] },
    { facets: ["tag"], filter: { model: "gpt-4o", only: { user: ["u"] }, text: "x" }, keep: ["a", "b"] },
  ]);
});

test("a facet without values is answered too, in the order asked", async () => {
  const { ctx } = listening();
  expect(await facetValues(ctx, { ...ask, filter: {}, facets: ["user", "kind"] })).toEqual([
    { facet: "user", values: 0, oneIn: 1, top: [] },
    { facet: "kind", values: 0, oneIn: 1, top: [] },
  ]);
});

test("a chosen value is among the most frequent ones, at the place that its count gives it", async () => {
  const rows = [
    { value: "chosen", traces: 1 },
    { value: "b", traces: 5 },
    { value: "a", traces: 5 },
  ].map((row) => ({ ...row, facet: "tag" as const, values: 9 }));
  const ctx = { facets: { values: async () => ({ rows, oneIn: 3 }) } };
  const [tag] = await facetValues(ctx, { ...ask, filter: { tag: "chosen" }, facets: ["tag"] });
  expect(tag?.top.map(({ value }) => value)).toEqual(["a", "b", "chosen"]);
  expect(tag?.oneIn).toBe(3);
});

test("a filter without a facet that it does not name stays what it is", () => {
  expect(filterBeside({ status: "error" }, "model")).toEqual({ status: "error" });
  expect(filterBeside({ only: { model: ["a"] } }, "model")).toEqual({});
});
