import { expect, test } from "vitest";
import { AnnotationKind, answersOf } from "./annotationQueue.ts";

test("each kind of label has its answers in the order of the keys", () => {
  expect(answersOf({ type: "pass_fail" })).toEqual([
    { value: 1, label: "pass", means: "" },
    { value: 0, label: "fail", means: "" },
  ]);
  expect(answersOf(AnnotationKind.parse({ type: "scale", from: 1, to: 3, fromMeans: "rude", toMeans: "kind" }))).toEqual([
    { value: 1, label: "1", means: "rude" },
    { value: 2, label: "2", means: "" },
    { value: 3, label: "3", means: "kind" },
  ]);
  expect(answersOf({ type: "choice", options: ["refund", "other"] }).map(({ value, label }) => [value, label])).toEqual([
    [0, "refund"],
    [1, "other"],
  ]);
});

test.each([
  [{ type: "scale", from: 3, to: 3 }, "goes up"],
  [{ type: "scale", from: 0, to: 9 }, "2 to 9 steps"],
  [{ type: "choice", options: ["one"] }, "2 options at least"],
  [{ type: "choice", options: ["one", "one"] }, "twice"],
  [{ type: "choice", options: Array.from({ length: 10 }, (_, index) => `option ${index}`) }, "at most 9 options"],
])("%j is no kind of label", (kind, why) => {
  expect(AnnotationKind.safeParse(kind).error?.message).toContain(why);
});
