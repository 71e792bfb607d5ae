import type { ExportedAnnotation } from "@signalbox/model";
import { expect, test } from "vitest";
import { judgeLine, judgeOnLabels } from "./judgeOnLabels.ts";

const label = (trace: number, value: number, person = "ann", isFinal = false): ExportedAnnotation => ({
  ...{ traceId: String(trace), spanId: null, person, isFinal, state: "labelled", value },
  ...{ label: String(value), note: "", at: "2026-11-27T12:00:00.000Z" },
});
const score = (trace: number, value: number) => ({ traceId: String(trace), spanId: null, value, passed: null });
const LINES = { person: 0.5, judge: 0.5 };

test("a judge that passes too much is found on the labels, and its rate over the rest is put right", () => {
  // People pass 60 of 100; the judge passes these and half of the others.
  const passes = (trace: number) => trace % 10 < 6;
  const judged = (trace: number) => Number(passes(trace) || trace % 2 === 0);
  const scores = Array.from({ length: 1_000 }, (_, trace) => score(trace, judged(trace)));
  const { labels, record } = judgeOnLabels(
    Array.from({ length: 100 }, (_, trace) => label(trace, Number(passes(trace)))),
    scores,
    LINES,
  );
  expect(labels).toBe(100);
  expect(record).toMatchObject({
    counts: { truePasses: 60, falseFails: 0, trueFails: 20, falsePasses: 20 },
    ...{ sensitivity: { value: 1 }, specificity: { value: 0.5 }, judged: 1_000 },
    corrected: {
      raw: expect.closeTo(0.8, 12),
      powered: { estimate: expect.closeTo(0.6, 2) },
      byErrors: { estimate: expect.closeTo(0.6, 12) },
    },
  });
});

test("a final label counts above what people said, most of them above one, and a tie says nothing", () => {
  const annotations = [
    ...[label(1, 1), label(1, 0, "bob"), label(1, 0, "eve", true)],
    ...[label(2, 1), label(2, 1, "bob"), label(2, 0, "cid")],
    ...[label(3, 1), label(3, 0, "bob")],
  ];
  const found = judgeOnLabels(annotations, [score(1, 0), score(2, 1), score(3, 1)], LINES);
  expect(found).toMatchObject({ labels: 2, ties: 1, record: { counts: { truePasses: 1, trueFails: 1 }, judged: 3 } });
  expect(() => judgeOnLabels(annotations, [score(9, 1)], LINES)).toThrow("Judge and people both looked at 0 traces");
});

test("a judge that draws a line is compared by its own, and the record says by which", () => {
  const own = (trace: number, value: number, passed: boolean) => ({ traceId: String(trace), spanId: null, value, passed });
  const scores = [own(1, 0.7, false), own(2, 0.9, true), own(3, 0.6, false)];
  expect([judgeLine(scores), judgeLine([...scores, score(4, 1)])]).toEqual([null, 0.5]);
  const { record } = judgeOnLabels([label(1, 0), label(2, 1)], scores, { person: 1, judge: judgeLine(scores) });
  expect(record).toMatchObject({ counts: { truePasses: 1, trueFails: 1, falsePasses: 0 }, lines: { person: 1, judge: null } });
});
