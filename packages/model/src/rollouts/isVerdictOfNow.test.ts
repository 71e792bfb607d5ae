import { expect, test } from "vitest";
import { isVerdictOfNow } from "./isVerdictOfNow.ts";

const STANDING = {
  rollout: { step: 1, stepStartedAt: "2026-11-27T12:00:00.000Z" },
  verdict: { step: 1, blocks: 4 },
  lastLook: { at: "2026-11-27T12:01:00.000Z", blocks: 4 },
};

test.each([
  ["of its last look at this step", {}, true],
  ["of the step before", { verdict: { step: 0, blocks: 4 } }, false],
  ["of before the step began anew", { rollout: { step: 1, stepStartedAt: "2026-11-27T12:02:00.000Z" } }, false],
  ["of an earlier look than the last", { verdict: { step: 1, blocks: 3 } }, false],
  ["of no look", { verdict: null, lastLook: null }, false],
])("a verdict %s", (_, changes, isOfNow) => {
  expect(isVerdictOfNow({ ...STANDING, ...changes })).toBe(isOfNow);
});
