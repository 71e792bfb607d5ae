import { reconcile } from "@signalbox/model";
import { expect, test } from "vitest";
import { discrepancyTexts, type ReconciledHour, reconciliationRows } from "./reconciliation.ts";

/** Ten stored spans, of which a reader finds nine less those that were deleted. */
function anHour(missing: number | null, deleted = 0): ReconciledHour {
  const common = { project: "shop", source: "langfuse", time: 0 } as const;
  const fates = (["received", "accepted", "journaled", "stored"] as const).map((fate) => ({ ...common, fate, reason: "", records: 10 }));
  const sources = reconcile({
    fates: [...fates, { ...common, fate: "deleted", reason: "tail", records: deleted }],
    readable: [{ ...common, rows: 9 - deleted }],
    missing: missing === null ? null : [{ ...common, rows: missing }],
    waiting: [],
    readableUntilMs: 1e9,
    stepSeconds: 60,
  });
  return {
    since: "",
    readableUntil: null,
    sources: sources.map(({ counts, times: _, ...source }) => ({ ...source, ...counts })),
  };
}

test("a row for each source, its counts under their names", () => {
  const [header = [], row = []] = reconciliationRows(anHour(0));
  const counts = Object.fromEntries(header.map((name, column) => [name, row[column]]));
  expect(counts).toMatchObject({
    project: "shop",
    source: "langfuse",
    received: "10",
    deduplicated: "1",
    deleted: "0",
    missing: "0",
    readable: "9",
  });
});

test("what was stored and is not readable is in a column: replaced, deleted or missing", () => {
  const [header = [], row = []] = reconciliationRows(anHour(1, 3));
  const countOf = (name: string): number => Number(row[header.indexOf(name)]);
  expect(countOf("deleted")).toBe(3);
  expect(countOf("readable")).toBe(countOf("stored") - countOf("deduplicated") - countOf("deleted") - countOf("missing"));
});

test("lost rows are told in a sentence, replaced ones are not, and a count that could not be taken is a question mark", () => {
  expect(discrepancyTexts(anHour(0))).toEqual([]);
  expect(discrepancyTexts(anHour(1))).toEqual(["shop langfuse: 1 rows were stored and are nowhere"]);
  expect(reconciliationRows(anHour(null))[1]).toContain("?");
});
