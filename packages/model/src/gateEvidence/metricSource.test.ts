import { expect, test } from "vitest";
import { metricSource } from "./metricSource.ts";

test.each([
  ["dlq", { kind: "deadLetters" }],
  ["errors", { kind: "failedAttempts" }],
  ["cost_usd", { kind: "cost" }],
  ["latency_over_8s", { kind: "latency", overMs: 8_000 }],
  ["latency_over_250ms", { kind: "latency", overMs: 250 }],
  ["latency_over_lunch", { kind: "score" }],
  ["reward", { kind: "score" }],
])("%s is read from where its name says", (name, source) => {
  expect(metricSource(name)).toEqual(source);
});
