import { expect, test } from "vitest";
import type { AppendOutcome, JournalRecord } from "../../journal/index.ts";
import { patientJournal } from "./patientJournal.ts";

const RECORD = {} as JournalRecord;
const FULL: AppendOutcome = { kind: "refused", reason: "full", detail: "at its limit" };
const DURABLE: AppendOutcome = { kind: "durable" };

/** A journal that returns the outcomes one after the other, and reports trouble the first `troubles` times that it is asked. */
function aJournal(outcomes: AppendOutcome[], troubles = 0) {
  let left = troubles;
  return {
    appends: 0,
    level: 0,
    async append() {
      this.appends += 1;
      return outcomes.shift() ?? FULL;
    },
    get trouble() {
      left -= 1;
      return left >= 0 ? "at its limit" : null;
    },
  };
}

test("a record waits until there is room, and is not tried before", async () => {
  const journal = aJournal([FULL, DURABLE], 3);
  expect(await patientJournal(journal, 60_000).append(RECORD)).toEqual(DURABLE);
  expect(journal.appends).toBe(2);
});

test("a record waits no longer than its limit", async () => {
  expect(await patientJournal(aJournal([], 1_000), 100).append(RECORD)).toEqual(FULL);
  const impatient = aJournal([FULL, DURABLE]);
  expect(await patientJournal(impatient, 0).append(RECORD)).toEqual(FULL);
  expect(impatient.appends).toBe(1);
});

test.each(["disk", "closed"] as const)("a record that is refused for another reason does not wait: %s", async (reason) => {
  const refused: AppendOutcome = { kind: "refused", reason, detail: "no" };
  expect(await patientJournal(aJournal([refused, DURABLE]), 60_000).append(RECORD)).toEqual(refused);
});
