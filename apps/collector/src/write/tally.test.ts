import { expect, test } from "vitest";
import { Fingerprints } from "./fingerprints.ts";
import { Tally } from "./tally.ts";

const MINUTE = 1_795_683_600;
const reception = { project: "default", source: "langfuse", receivedAtUs: (MINUTE + 59) * 1e6 } as const;

test("counts are added up by project, source, minute, fate and reason", () => {
  const tally = new Tally();
  tally.count(reception, "refused", 2, "faulty");
  tally.count({ ...reception, receivedAtUs: MINUTE * 1e6 }, "refused", 3, "faulty");
  tally.count({ ...reception, receivedAtUs: (MINUTE + 60) * 1e6 }, "refused", 1, "faulty");
  tally.count(reception, "sampled", 0, "head");
  expect(tally.entries().map(({ minute, fate, reason, count }) => [minute - MINUTE, fate, reason, count])).toEqual([
    [0, "refused", "faulty", 5],
    [60, "refused", "faulty", 1],
  ]);
});

test("stored rows are counted by their fingerprints; one that the store refuses is taken back", () => {
  const tally = new Tally();
  for (const fingerprint of [7, 2 ** 32 - 1, 7]) tally.rowsOf(reception).add(fingerprint);
  tally.rowsOf({ ...reception }).remove(7);
  expect(tally.entries()).toEqual([
    {
      ...{ project: "default", source: "langfuse", minute: MINUTE },
      fate: "stored",
      reason: "",
      count: 2,
      fingerprints: expect.any(Uint32Array),
    },
  ]);
  expect([...(tally.entries()[0]?.fingerprints ?? [])]).toEqual([7, 2 ** 32 - 1]);
});

test("fingerprints are given in ascending order, however many there are", () => {
  const fingerprints = new Fingerprints();
  const many = Array.from({ length: 1_000 }, (_, index) => index * 4_000_000);
  for (const fingerprint of many.toReversed()) fingerprints.add(fingerprint);
  expect([...fingerprints.sorted()]).toEqual(many);
});
