import { AppError } from "@signalbox/model";
import { expect, test } from "vitest";
import { failureOf, fingerprintOf } from "./failure.ts";

test("a named failure knows whether a retry can help; one without a name may pass", () => {
  expect(failureOf(new AppError("invalid_input", "no"))).toMatchObject({ class: "invalid_input", isRetryable: false });
  expect(failureOf(new AppError("upstream_unavailable", "away"))).toMatchObject({ isRetryable: true });
  expect(failureOf(new TypeError("odd"))).toEqual({ class: "TypeError", message: "odd", isRetryable: true });
  expect(failureOf("a text")).toMatchObject({ class: "unknown", message: "a text" });
});

test.each([
  ["numbers", "waited 30 ms", "waited 7 ms"],
  ["ids", "no task 4fe4992c-8aee-8804-8f16-4fb032f92145", "no task 00000000-0000-4000-8000-000000000000"],
  ["quoted values", 'world "a" is not loaded', 'world "another one" is not loaded'],
])("failures that differ in %s are of one kind", (_name, one, other) => {
  expect(fingerprintOf({ class: "not_found", message: one })).toBe(fingerprintOf({ class: "not_found", message: other }));
});

test("failures of another class or with other words are of another kind", () => {
  const fingerprints = [
    fingerprintOf({ class: "not_found", message: "no world" }),
    fingerprintOf({ class: "conflict", message: "no world" }),
    fingerprintOf({ class: "not_found", message: "no task" }),
  ];
  expect(new Set(fingerprints).size).toBe(3);
});
