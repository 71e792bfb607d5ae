import { AppError } from "@signalbox/model";
import { expect, test } from "vitest";
import { failureOf, fingerprintOf } from "./failure.ts";

const TOOLS = { service: "signalbox-tools", tool: "cancel_reservation" } as const;

test("an error code says whether a retry can help; an error without one may pass", () => {
  expect(failureOf(new AppError("invalid_input", "no"), TOOLS)).toMatchObject({ class: "invalid_input", isRetryable: false, ...TOOLS });
  expect(failureOf(new AppError("upstream_unavailable", "away"), TOOLS)).toMatchObject({ isRetryable: true });
  expect(failureOf(new TypeError("odd"), TOOLS)).toMatchObject({ class: "TypeError", message: "odd", isRetryable: true });
  expect(failureOf("a text", TOOLS)).toMatchObject({ class: "unknown", message: "a text", frame: null });
});

test("failures of one kind have one fingerprint, wherever in a file they came up", () => {
  const failure = failureOf(new AppError("not_found", "no world 7"), TOOLS);
  const elsewhere = { ...failure, message: "no world 8", frame: failure.frame?.replace(/:\d+\)$/, ":999)") ?? null };
  expect(fingerprintOf(elsewhere)).toBe(fingerprintOf(failure));
  expect(fingerprintOf({ ...failure, tool: "book_reservation" })).not.toBe(fingerprintOf(failure));
});
