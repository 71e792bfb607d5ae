import { expect, test } from "vitest";
import { aSpanOf } from "../../testing/aSpanOf.ts";
import { aRun, type TestRun } from "../../testing/builders/langsmithBuilders.ts";
import { identifiedSpan } from "./identifiedSpan.ts";
import { runIdOf } from "./runId.ts";
import { spanOfRun } from "./spanOfRun.ts";

const START = 1_763_900_000_000_000_000n;
const root = aRun({ startMs: Number(START / 1_000_000n) });
const child = aRun({ parent: root, startMs: Number(START / 1_000_000n) + 3 });

/** A run's place in its trace, as the run's own route computes it. */
function placeOf({ id, post }: TestRun) {
  const made = spanOfRun(runIdOf(id) ?? "", post as Parameters<typeof spanOfRun>[1]);
  if (made.kind !== "span") throw new Error(made.reason);
  const { traceId, spanId, parentSpanId, startTimeUnixNano } = made.span;
  return { traceId, spanId, parentSpanId, startTimeUnixNano };
}

test("a span that names its run has the place that the run's own route gives it", () => {
  for (const run of [root, child]) {
    const told = {
      "langsmith.span.id": run.id,
      "langsmith.trace.id": run.traceId,
      "langsmith.span.dotted_order": String(run.post.dotted_order),
    };
    expect(identifiedSpan(aSpanOf(told))).toMatchObject(placeOf(run));
    if (run === child) expect(identifiedSpan(aSpanOf({ ...told, "langsmith.span.parent_id": root.id }))).toMatchObject(placeOf(child));
  }
});

test("a root that began inside of another span is linked to it, and never ends before it began", () => {
  const { dotted_order: order } = root.post;
  const span = aSpanOf(
    { "langsmith.span.id": root.id, "langsmith.span.dotted_order": String(order) },
    { parentSpanId: "00f067aa0ba902b7", endTimeUnixNano: START },
  );
  const { startTimeUnixNano } = placeOf(root);
  expect(identifiedSpan(span)).toMatchObject({
    parentSpanId: "",
    endTimeUnixNano: startTimeUnixNano,
    links: [{ traceId: span.traceId, spanId: "00f067aa0ba902b7" }],
  });
});

test("a span with only a run id keeps its place, under that id", () => {
  const span = aSpanOf({ "langsmith.span.id": child.id }, { parentSpanId: "00f067aa0ba902b7" });
  expect(identifiedSpan(span)).toEqual({ ...span, spanId: placeOf(child).spanId });
});

test("a span that names no run is unchanged", () => {
  for (const id of [undefined, "", "12", 7]) {
    const span = aSpanOf({ ...(id === undefined ? {} : { "langsmith.span.id": id }), "langsmith.trace.id": root.traceId });
    expect(identifiedSpan(span)).toBe(span);
  }
});
