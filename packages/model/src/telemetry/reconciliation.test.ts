import { expect, test } from "vitest";
import { parsePrometheusText } from "./prometheusText.ts";
import { type Accounts, backlogIn, type FateCount, reconcile } from "./reconciliation.ts";

const NINE = 1_795_683_600;
const common = { project: "default", source: "otlp_traces_http", time: NINE } as const;
const aFate = (fate: FateCount["fate"], records: number, reason = ""): FateCount => ({ ...common, fate, reason, records });

/** Ten spans arrived, of which one was faulty; one was sent again later, and everything is readable. */
const TEN: Accounts = {
  fates: [aFate("received", 10), aFate("accepted", 9), aFate("rejected", 1, "bad_span_id"), aFate("journaled", 9), aFate("stored", 9)],
  readable: [{ ...common, rows: 8 }],
  missing: [{ ...common, rows: 0 }],
  waiting: [],
  readableUntilMs: (NINE + 3_600) * 1_000,
  stepSeconds: 60,
};

const discrepanciesOf = (accounts: Partial<Accounts>) => reconcile({ ...TEN, ...accounts }).flatMap(({ discrepancies }) => discrepancies);

test("what was received is rejected or accepted, what was accepted is stored, and what is not readable was replaced", () => {
  expect(reconcile(TEN)).toMatchObject([
    {
      project: "default",
      source: "otlp_traces_http",
      counts: { received: 10, accepted: 9, rejected: 1, stored: 9, readable: 8, deduplicated: 1, missing: 0 },
      reasons: [{ fate: "rejected", reason: "bad_span_id", records: 1 }],
      discrepancies: [],
    },
  ]);
});

test("rows that are made of records, sampled out or refused are accounted for", () => {
  const fates = [
    ...TEN.fates.slice(0, 4),
    aFate("made", 2),
    aFate("sampled", 3, "head"),
    aFate("refused", 1, "not_canonical"),
    aFate("stored", 7),
  ];
  expect(discrepanciesOf({ fates, readable: [{ ...common, rows: 7 }] })).toEqual([]);
});

test("what is neither stored nor otherwise accounted for is a discrepancy", () => {
  const without = (fate: string) => TEN.fates.filter((counted) => counted.fate !== fate);
  expect(discrepanciesOf({ fates: [...without("stored"), aFate("stored", 8)] })).toEqual([{ kind: "unwritten", expected: 9, written: 8 }]);
  expect(discrepanciesOf({ fates: [...without("accepted"), aFate("accepted", 8)] })).toEqual([
    { kind: "unanswered", received: 10, answered: 9 },
    { kind: "lost_in_journal", accepted: 8, journaled: 9 },
  ]);
});

test("a row that is nowhere is missing, not replaced", () => {
  const accounts = { readable: [{ ...common, rows: 7 }], missing: [{ ...common, rows: 1 }] };
  expect(discrepanciesOf(accounts)).toEqual([{ kind: "missing", rows: 1 }]);
  expect(reconcile({ ...TEN, ...accounts })[0]?.counts).toMatchObject({ deduplicated: 1, missing: 1 });
});

test("where there was too much to look through, the ledger's own sums are judged", () => {
  const unseen = { readable: null, missing: null };
  expect(reconcile({ ...TEN, ...unseen })).toMatchObject([
    { counts: { stored: 9, readable: null, deduplicated: null, missing: null }, discrepancies: [] },
  ]);
  expect(discrepanciesOf({ ...unseen, fates: [...TEN.fates, aFate("made", 1)] })).toEqual([
    { kind: "unwritten", expected: 10, written: 9 },
  ]);
});

test("more rows than were stored are a discrepancy, rows that were deleted are none", () => {
  expect(discrepanciesOf({ readable: [{ ...common, rows: 10 }] })).toEqual([{ kind: "unexplained", rows: 1 }]);
  expect(reconcile({ ...TEN, fates: [...TEN.fates, aFate("deleted", 1)] })[0]?.counts.deduplicated).toBe(0);
});

test("a time of which not everything is readable yet is not judged, nor is any without a collector that says so", () => {
  const lost = { missing: [{ ...common, rows: 1 }], readable: [{ ...common, rows: 7 }] };
  expect(discrepanciesOf({ ...lost, readableUntilMs: (NINE + 59) * 1_000 })).toEqual([]);
  expect(discrepanciesOf({ ...lost, readableUntilMs: null })).toEqual([]);
  expect(discrepanciesOf({ ...lost, readableUntilMs: (NINE + 60) * 1_000 })).toHaveLength(1);
});

test("projects and sources are told apart, and one of which everything still waits is there too", () => {
  const other = { ...TEN.fates[0], project: "shop" } as FateCount;
  const sources = reconcile({ ...TEN, fates: [...TEN.fates, other], waiting: [{ project: "shop", source: "azure", records: 4 }] });
  expect(sources.map(({ project, source, waiting }) => [project, source, waiting])).toEqual([
    ["default", "otlp_traces_http", 0],
    ["shop", "azure", 4],
    ["shop", "otlp_traces_http", 0],
  ]);
  expect(sources[1]?.counts).toMatchObject({ received: 4, accepted: 4, stored: 0 });
});

test("a collector's metrics tell its backlog; one that does not answer tells nothing", () => {
  const metrics = `# HELP signalbox_collector_waiting_records Records.
signalbox_collector_waiting_records{project="a \\"b\\"",source="langsmith"} 7
signalbox_collector_readable_until_seconds 1795683600.25
`;
  expect(backlogIn(parsePrometheusText(metrics))).toEqual({
    waiting: [{ project: 'a "b"', source: "langsmith", records: 7 }],
    readableUntilMs: 1_795_683_600_250,
  });
  expect(backlogIn([])).toEqual({ waiting: [], readableUntilMs: null });
});
