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

/** Records appended at the times of their stamps, by clocks that are right. */
function backlogOf(...records: JournalRecord[]): Backlog {
  const clock = (): number => 0.3;
  const backlog = new Backlog({ clock, elapsed: clock });
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

test("the oldest is that of any batch on its way, or behind them", () => {
  const records = [aRecord(1), aRecord(5)];
  const backlog = backlogOf(...records, aRecord(9));
  backlog.take(RANGE, contentsOf(records), false);
  expect(backlog.oldestUs).toBe(1);
  backlog.stored(RANGE);
  expect(backlog.oldestUs).toBeGreaterThanOrEqual(5);
  expect(backlog.oldestUs).toBeLessThanOrEqual(9);
});

test("where the clock went back, what was received later may be the oldest", () => {
  const records = [aRecord(100), aRecord(200)];
  const backlog = backlogOf(...records, aRecord(50), aRecord(60));
  backlog.take(RANGE, contentsOf(records), false);
  backlog.stored(RANGE);
  expect(backlog.oldestUs).toBe(50);
});

/** Clocks of a machine, in seconds: one that is set, and one that only goes on. */
function aMachine() {
  let [nowS, elapsedS] = [10_000, 0];
  return {
    clocks: { clock: () => nowS * 1_000, elapsed: () => elapsedS * 1_000 },
    stamp: () => nowS * 1_000_000,
    pass(seconds: number): void {
      nowS += seconds;
      elapsedS += seconds;
    },
    set(seconds: number): void {
      nowS += seconds;
    },
  };
}

test("where the clock was set back, what waits is no older than by the clock of now, however long it waits", () => {
  const machine = aMachine();
  const backlog = new Backlog(machine.clocks);
  const first = aRecord(machine.stamp());
  backlog.append(first);
  machine.pass(2);
  machine.set(-3_600);
  expect(backlog.oldestUs).toBe(machine.stamp() - 2_000_000);
  backlog.take(RANGE, contentsOf([first]), true);
  machine.pass(5);
  expect(backlog.oldestUs).toBe(machine.stamp() - 7_000_000);

  // Stamps go on from the last one, so they are ahead; a record of them waits behind the batch.
  const second = aRecord(first.receivedAtUs + 2);
  backlog.append(second);
  machine.pass(1);
  backlog.stored(RANGE);
  expect(backlog.oldestUs).toBe(machine.stamp() - 1_000_000);
  const next = { ...RANGE, from: 10, to: 20 };
  backlog.take(next, contentsOf([second]), true);
  backlog.stored(next);
  expect(backlog.oldestUs).toBe(null);
  backlog.append(aRecord(machine.stamp()));
  expect(backlog.oldestUs).toBe(machine.stamp());
});

test("where the clock was set ahead, what waits is as old as its stamp says", () => {
  const machine = aMachine();
  const backlog = new Backlog(machine.clocks);
  const stamp = machine.stamp();
  backlog.append(aRecord(stamp));
  machine.set(3_600);
  expect(backlog.oldestUs).toBe(stamp);
});
