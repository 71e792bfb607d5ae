import { expect, test } from "vitest";
import type { TraceRow } from "./columns/traceRow.ts";
import { mergeLive, takeIn } from "./mergeLive.ts";

const aRow = (start: number, spans = 1): TraceRow =>
  ({ traceId: `t${start}`, startTimeUnixNano: String(start), spans }) as unknown as TraceRow;
const idsOf = (rows: readonly TraceRow[]) => rows.map((row) => row.traceId);

test("new traces wait, changed ones change where they are", () => {
  const merged = mergeLive([aRow(20), aRow(10)], [aRow(30), aRow(20, 5), aRow(10)], 3);
  expect(idsOf(merged.fresh)).toEqual(["t30"]);
  expect(merged.rows.map((row) => row.spans)).toEqual([5, 1]);
  expect(merged.isGap).toBe(false);
});

test("a trace that arrived late is inserted where it belongs", () => {
  const shown = [aRow(30), aRow(10)];
  const { fresh } = mergeLive(shown, [aRow(30), aRow(20), aRow(10)], 3);
  expect(idsOf(takeIn(shown, fresh))).toEqual(["t30", "t20", "t10"]);
});

test("a trace older than the last row belongs to a page not loaded yet", () => {
  expect(mergeLive([aRow(30)], [aRow(30), aRow(5)], 2).fresh).toEqual([]);
});

test("when nothing on screen is among the newest any more, there is a gap", () => {
  expect(mergeLive([aRow(10)], [aRow(30), aRow(20)], 2).isGap).toBe(true);
  expect(mergeLive([], [aRow(30)], 1).isGap).toBe(false);
});

test("a newest page that is not full may have timed out: traces found further back stay", () => {
  expect(mergeLive([aRow(10)], [aRow(30)], 2)).toMatchObject({ isGap: false, fresh: [aRow(30)] });
});
