import { test } from "vitest";
import type { PythonEnvironment } from "./pythonEnvironment.ts";

/** How a test that needs an environment is run. */
export type InteropMode = { kind: "run"; python: string } | { kind: "skip" | "fail"; reason: string };

/** With `SIGNALBOX_INTEROP=required`, as in CI, nobody mistakes a registry that is out of reach for a suite that passes. */
export function interopModeOf(environment: PythonEnvironment, { SIGNALBOX_INTEROP }: NodeJS.ProcessEnv): InteropMode {
  if (environment.kind === "ready") return { kind: "run", python: environment.python };
  return { kind: SIGNALBOX_INTEROP === "required" ? "fail" : "skip", reason: environment.reason };
}

/** A test with a client in Python. Where there is no environment for it, its name says why it is skipped, or it fails with the reason. */
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
