import { test } from "vitest";
import type { PythonEnvironment } from "./pythonEnvironment.ts";

/** The fate of a test that needs an environment: run, skip or fail. */
export type InteropMode = { kind: "run"; python: string } | { kind: "skip" | "fail"; reason: string };

/**
 * Decides whether a test runs. With `SIGNALBOX_INTEROP=required`, as in CI, a missing environment fails it, so that an unreachable registry
 * does not pass for success.
 */
export function interopModeOf(environment: PythonEnvironment, { SIGNALBOX_INTEROP }: NodeJS.ProcessEnv): InteropMode {
  if (environment.kind === "ready") return { kind: "run", python: environment.python };
  return { kind: SIGNALBOX_INTEROP === "required" ? "fail" : "skip", reason: environment.reason };
}

/**
 * Defines a test with a client in Python. Without an environment for it, the test's name says why it is skipped, or it fails with the
 * reason.
 */
export function interopTest(name: string, environment: PythonEnvironment, body: (python: string) => Promise<void>): void {
  const mode = interopModeOf(environment, process.env);
  switch (mode.kind) {
    case "run":
      test(name, () => body(mode.python));
      return;
    case "skip":
      test.skip(`${name} (${mode.reason})`, () => {});
      return;
    case "fail":
      test(name, () => {
        throw new Error(mode.reason);
      });
  }
}
