import { type Decision, EMPTY_CHAIN, sealDecision } from "@signalbox/model";
import { expect, test } from "vitest";
import { decisionRowOf, type RowFacts, rowFactsOf } from "../../testing/decisionRowOf.ts";
import { DecisionRow } from "./decisionRow.ts";
import { PlainSeal } from "./plainSeal.ts";
import { hashAt, sealedPieces } from "./sealedText.ts";

function aDecision(given: Partial<Decision> = {}): Decision {
  return sealDecision(EMPTY_CHAIN, {
    ...{
      project: "default",
      taskId: "f77b96ee-fbd1-87ec-861d-a48b0d89727e",
      kind: "planned",
      time: "2026-11-26T08:00:00.500Z",
      attempt: 2,
    },
    ...{ actor: { service: "worker", version: "1.0.0" }, traceId: "a".repeat(32), spanId: null, chosen: "stop 🚆", confidence: 0.93 },
    ...{ reason: "it fits", detail: { a: [1, "ü"] } },
    ...given,
  });
}

const seal = new PlainSeal();

/** Whether a row is sealed, by the fast way and by the slow way. */
function sealed(facts: RowFacts): { short: boolean; long: boolean } {
  const row = new DecisionRow();
  // Bytes before and after a row do not belong to it.
  const bytes = Buffer.concat([Buffer.from("x}"), decisionRowOf(facts), Buffer.from('}"]')]);
  row.read(bytes.subarray(2, bytes.length - 3));
  return { short: seal.holds(row), long: hashAt(sealedPieces(row), facts.seq, facts.prevHash) === facts.hash };
}

test.each([
  ["a fraction of a second", {}],
  ["a whole second", { time: "2026-11-26T08:00:00.000Z" }],
  ["the last moment of a day", { time: "2027-12-31T23:59:59.999Z" }],
  ["a day before 2000", { time: "1969-12-31T23:59:59.999Z" }],
  ["a span, and no confidence", { spanId: "b".repeat(16), confidence: null }],
  ["empty texts", { reason: "", detail: {} }],
  ["a small confidence", { confidence: 1e-7 }],
  ["many attempts", { attempt: 2_147_483_647 }],
])("a plain decision is sealed: %s", (_, given) => {
  expect(sealed(rowFactsOf(aDecision(given)))).toEqual({ short: true, long: true });
});

test.each([
  ["an escape", { reason: "it\tfits" }],
  ["a quote", { chosen: 'the "one"' }],
  ["detail that is not in order", { detail: { b: 1, a: 2 } }],
  ["an escape in detail", { detail: { a: "\n" } }],
  ["a time far away", { time: "9999-12-31T23:59:59.999Z" }],
  ["a row of great size", { reason: "x".repeat(70_000) }],
])("the long way is taken for %s", (_, given) => {
  expect(sealed(rowFactsOf(aDecision(given)))).toEqual({ short: false, long: true });
});

test.each([
  ["a byte that is another", { reason: "it fots" }],
  ["a quote that would end a field", { project: 'default","reason":"it fits', reason: "" }],
  ["detail that is not as it was written", { detail: '{"a": [1,"ü"]}' }],
  ["detail with a key twice", { detail: '{"a":0,"a":[1,"ü"]}' }],
  ["detail of great depth", { detail: "[".repeat(50_000) }],
  ["infinity", { micros: 2n ** 63n - 1n }],
  ["infinity before all times", { micros: -(2n ** 63n) }],
  ["a fraction of a millisecond", { micros: rowFactsOf(aDecision()).micros + 1n }],
  ["a confidence that is no number", { confidence: Number.NaN }],
  ["a hash in capitals", { hash: aDecision().hash.toUpperCase() }],
  ["a hash that is longer", { hash: `${aDecision().hash}0` }],
])("neither way holds %s for sealed", (_, change) => {
  expect(sealed({ ...rowFactsOf(aDecision()), ...change })).toEqual({ short: false, long: false });
});

test("a time with the same digits but before year 1 is not the one that was sealed", () => {
  const facts = rowFactsOf(aDecision({ time: "0045-03-15T12:00:00.000Z" }));
  expect(sealed(facts)).toEqual({ short: false, long: true });
  const yearsBefore = BigInt(Date.parse("-000044-03-15T12:00:00.000Z") - Date.UTC(2000, 0, 1)) * 1_000n;
  expect(sealed({ ...facts, micros: yearsBefore })).toEqual({ short: false, long: false });
});

test("a minus zero is not the zero that was sealed", () => {
  const facts = rowFactsOf(aDecision({ confidence: 0 }));
  expect(sealed(facts).short).toBe(true);
  expect(sealed({ ...facts, confidence: -0 })).toEqual({ short: false, long: false });
});

test("whichever byte of a row is another, neither way holds it for sealed", () => {
  const facts = rowFactsOf(aDecision({ spanId: "b".repeat(16) }));
  const bytes = decisionRowOf(facts);
  const row = new DecisionRow();
  row.read(bytes);
  expect(seal.holds(row)).toBe(true);
  for (const field of Array.from({ length: 16 }, (_, index) => index)) {
    for (let at = row.start(field); at < row.start(field) + row.length(field); at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] as number) ^ 1;
      const other = new DecisionRow();
      other.read(changed);
      expect(seal.holds(other)).toBe(false);
      expect(hashAt(sealedPieces(other), other.int(1), other.text(2) ?? "")).not.toBe(other.text(3));
    }
  }
});
