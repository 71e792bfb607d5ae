import { expect, test } from "vitest";
import { Backlog, contentsOf } from "./backlog.ts";
import type { JournalRecord } from "./record.ts";

function aRecord(atUs: number, over: Partial<JournalRecord> = {}): JournalRecord {
  return {
    receivedAtUs: atUs,
    kind: "otlp_traces",
    source: "otlp_traces_http",
    encoding: "json",
    compression: "identity",
    project: "default",
    counts: { received: 10, rejected: { bad_span_id: 1 } },
    body: Buffer.alloc(0),
    ...over,
  };
}

const RANGE = { segment: 1, from: 0, to: 10 };

function backlogOf(...records: JournalRecord[]): Backlog {
  const backlog = new Backlog();
  for (const record of records) backlog.append(record);
  return backlog;
}

test("accepted records wait, by project and source, until their batch is stored", () => {
  const records = [aRecord(1), aRecord(2), aRecord(3, { project: "shop", source: "azure" })];
  const backlog = backlogOf(...records);
  const waiting = [
    { project: "default", source: "otlp_traces_http", records: 18 },
    { project: "shop", source: "azure", records: 9 },
  ];
  expect(backlog.waiting).toEqual(waiting);
  backlog.take(RANGE, contentsOf(records), true);
  backlog.take(RANGE, contentsOf(records), true);
  expect(backlog.waiting).toEqual(waiting);
  backlog.stored(RANGE);
  expect(backlog.waiting).toEqual([]);
  expect(backlog.oldestUs).toBe(null);
});

test("the oldest request is in a batch on its way, or behind them", () => {
  const records = [aRecord(1), aRecord(5)];
  const backlog = backlogOf(...records, aRecord(9));
  backlog.take(RANGE, contentsOf(records), false);
  expect(backlog.oldestUs).toBe(1);
  backlog.stored(RANGE);
  expect(backlog.oldestUs).toBeGreaterThanOrEqual(5);
  expect(backlog.oldestUs).toBeLessThanOrEqual(9);
});

test("if the clock went back, a later request may be the oldest", () => {
  const records = [aRecord(100), aRecord(200)];
  const backlog = backlogOf(...records, aRecord(50), aRecord(60));
  backlog.take(RANGE, contentsOf(records), false);
  backlog.stored(RANGE);
  expect(backlog.oldestUs).toBe(50);
});
