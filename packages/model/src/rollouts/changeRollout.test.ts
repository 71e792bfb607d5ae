import { expect, test } from "vitest";
import { aGatePolicy } from "../testing/index.ts";
import { changeRollout, type GateMove } from "./changeRollout.ts";
import type { LiveVerdict } from "./liveVerdict.ts";
import type { Rollout } from "./rollout.ts";

const AT = "2026-11-27T12:00:00.000Z";
const aRollout = (changes: Partial<Rollout>): Rollout => ({
  ...{ id: "5f1c2d3e-8a90-4b7c-9d10-2e3f4a5b6c7d", project: "shop", gate: "shop-agent", policy: aGatePolicy(), policyHash: "0".repeat(64) },
  ...{ stable: "1", candidate: "2", phase: "running", step: 0, stepStartedAt: AT, startedAt: AT, startedBy: "ada", endedAt: null },
  ...{ reason: "", pausedBy: null, pausedFor: null, pausedAt: null, approvedStep: null, retryOf: null },
  ...changes,
});

/** The rollout's new state after the gate's move, or the code of the refusal. */
function moved(rollout: Rollout, kind: GateMove["kind"]): string {
  try {
    return changeRollout(rollout, { by: "gate", move: { kind, reason: "" } as GateMove, verdict: {} as LiveVerdict, at: AT }).rollout.phase;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

test("the gate moves nothing that is over", () => {
  const aborted = aRollout({ phase: "aborted", endedAt: AT });
  for (const kind of ["look", "step", "pause", "promote", "rollBack"] as const) expect(moved(aborted, kind)).toBe("conflict");
});

test("the gate does not bring forward what is paused, and rolls it back", () => {
  const paused = aRollout({ phase: "paused", pausedBy: "person", pausedAt: AT });
  expect(moved(paused, "step")).toBe("conflict");
  expect(moved(paused, "promote")).toBe("conflict");
  expect(moved(paused, "rollBack")).toBe("rolledBack");
});
