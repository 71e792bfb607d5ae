import { type Reconciliation, reconcile } from "@signalbox/model";
import { expect, test } from "vitest";
import { judgeLedger } from "./ledgerAgreement.ts";

/** Five spans were stored, one of them twice. */
function sources(readable: number, missing: number | null = 0): Reconciliation[] {
  const common = { project: "default", source: "otlp_traces_http", time: 0 } as const;
  const fates = (["received", "accepted", "journaled", "stored"] as const).map((fate) => ({ ...common, fate, reason: "", records: 6 }));
  return reconcile({
    fates,
    readable: [{ ...common, rows: readable }],
    missing: missing === null ? null : [{ ...common, rows: missing }],
    waiting: [],
    readableUntilMs: 1e9,
    stepSeconds: 60,
  });
}

test("the ledger agrees where it finds as many spans as were acknowledged", () => {
  const { reconciliationAgrees, reconciliation } = judgeLedger(sources(5), { acknowledged: 5, unacknowledged: 0 });
  expect(reconciliationAgrees).toBe(true);
  expect(reconciliation).toMatchObject({ accepted: 6, readable: 5, deduplicated: 1, missing: 0 });
});

test("a span that the client never got an acknowledgement for may be there", () => {
  expect(judgeLedger(sources(5), { acknowledged: 4, unacknowledged: 1 }).reconciliationAgrees).toBe(true);
  expect(judgeLedger(sources(5), { acknowledged: 4, unacknowledged: 0 }).reconciliationAgrees).toBe(false);
});

test("it disagrees where it has fewer than were acknowledged, misses rows, could not look for them, or has nothing at all", () => {
  const log = { acknowledged: 5, unacknowledged: 0 };
  expect(judgeLedger(sources(4), log).reconciliationAgrees).toBe(false);
  expect(judgeLedger(sources(5, 1), log)).toMatchObject({ reconciliationAgrees: false, discrepancies: [{ kind: "missing", rows: 1 }] });
  expect(judgeLedger(sources(5, null), log).reconciliationAgrees).toBe(false);
  expect(judgeLedger([], { acknowledged: 0, unacknowledged: 0 }).reconciliationAgrees).toBe(false);
});
