import { expect, test } from "vitest";
import { EXIT } from "../commandLine/exitCode.ts";
import { exitCodeOf } from "./replayVerb.ts";

const NONE = { diverged: 0, outcomeChanged: 0, stopped: 0 };

test.each([
  [{ ...NONE, diverged: 1 }, EXIT.pass],
  [{ ...NONE, diverged: 1, stopped: 1 }, EXIT.inconclusive],
  [{ diverged: 2, outcomeChanged: 1, stopped: 1 }, EXIT.failed],
])("with --fail-on-change, %o ends with %i", (found, code) => {
  expect(exitCodeOf({ mode: "recorded" }, { failOnChange: true }, found)).toBe(code);
});
