import { expect, test } from "vitest";
import { anAnswer, anItem } from "../tryBuilders.ts";
import { latency } from "./latency.ts";

test("just enough is allowed, more is not", () => {
  const judge = latency.make({ maxMs: 10 });
  expect(judge(anItem(), anAnswer({ latencyMs: 10 }))).toMatchObject({ value: 1, passed: true });
  expect(judge(anItem(), anAnswer({ latencyMs: 11 }))).toEqual({ value: 0, passed: false, explanation: "11 ms, 10 ms are allowed" });
});
