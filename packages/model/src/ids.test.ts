import { expect, test } from "vitest";
import { z } from "zod";
import { spanIdOf, stableId, traceIdOf } from "./ids.ts";

test("the same parts give the same id, other parts another", () => {
  expect(stableId("a", "b")).toBe(stableId("a", "b"));
  expect(stableId("a", "b")).not.toBe(stableId("ab"));
  expect(stableId("a", "b")).not.toBe(stableId("b", "a"));
  expect(z.uuid().safeParse(stableId("a")).success).toBe(true);
});

test("trace and span ids have the lengths of OpenTelemetry", () => {
  expect(traceIdOf("task")).toMatch(/^[0-9a-f]{32}$/);
  expect(spanIdOf("task", 1)).toMatch(/^[0-9a-f]{16}$/);
  expect(spanIdOf("task", 1)).not.toBe(spanIdOf("task", 2));
});
