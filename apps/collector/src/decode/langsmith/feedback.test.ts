import { expect, test } from "vitest";
import { decodeLangSmith } from "./langSmithRequest.ts";
import { spanIdOfRun } from "./runId.ts";
import { scoreOfFeedback } from "./scoreOfFeedback.ts";

const SPAN = "00f067aa0ba902b7";
const OF_SPAN = "00000000-0000-0000-00f0-67aa0ba902b7";

function decoded(feedback: object) {
  return decodeLangSmith(Buffer.from(JSON.stringify({ feedback: [{ key: "liked", score: 1, ...feedback }] })), "batch");
}

test.each([
  ["no trace", {}],
  ["the same UUID as its trace", { trace_id: OF_SPAN }],
])("feedback for a run that is named by its span judges that span, and waits for nothing: it tells %s", (_tells, given) => {
  const { feedback, operations } = decoded({ run_id: OF_SPAN, ...given });
  expect(operations).toEqual([]);
  expect(feedback.map(scoreOfFeedback)).toMatchObject([{ traceId: OF_SPAN.replaceAll("-", ""), spanId: SPAN }]);
});

test("feedback on a run without a trace id waits with the run", () => {
  const { feedback, operations } = decoded({ run_id: "01a2166c-f4c5-7000-8000-026b8e1c505f" });
  expect(feedback).toEqual([]);
  expect(operations).toMatchObject([{ kind: "feedback", runId: "01a2166cf4c570008000026b8e1c505f" }]);
});

test("an all-zero UUID names no span", () => {
  expect(spanIdOfRun("0".repeat(32))).not.toBe("0".repeat(16));
});
