import { expect, test } from "vitest";
import { incompleteTraces } from "./traces.ts";

const ON_RECORD = { taskId: "t", traceId: "a", spans: 5, decisions: 7 };
const STORED = { traceId: "a", spans: 5, spanRows: 5, decisions: 7 };

test("a trace that has every step and decision once is whole", () => {
  expect(incompleteTraces([ON_RECORD], [STORED])).toEqual([]);
});

test("a missing step, one that is there twice, a missing decision, and a trace that is nowhere are found", () => {
  for (const change of [{ spans: 4, spanRows: 4 }, { spanRows: 6 }, { decisions: 6 }, { traceId: "b" }])
    expect(incompleteTraces([ON_RECORD], [{ ...STORED, ...change }])).toEqual([ON_RECORD]);
});
