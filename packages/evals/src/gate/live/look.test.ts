import type { Block } from "@signalbox/model";
import { expect, test } from "vitest";
import { advance, type GateState, startGate } from "./gateState.ts";
import type { LivePolicy } from "./livePolicy.ts";
import { look } from "./look.ts";
import { aBlock, aGuardrail, aLivePolicy, successes } from "./policyBuilders.ts";

const POLICY = aLivePolicy();
const folded = (policy: LivePolicy, blocks: readonly Block[]): GateState =>
  blocks.reduce((state, block) => advance(state, block, policy), startGate(policy));
const times = (n: number, block: Block): Block[] => Array.from({ length: n }, () => block);

const EQUAL = aBlock({ candidate: successes(4, 5), stable: successes(4, 5) });
const WORSE = aBlock({ candidate: successes(2, 5), stable: successes(4, 5) });
const AT_LAST = { step: 1 };

test("holds while nothing is settled, and while a step has too few units", () => {
  expect(look(startGate(POLICY), POLICY, { step: 0 })).toMatchObject({ kind: "hold", grounds: "no_units", split: { observed: null } });
  expect(look(folded(POLICY, [EQUAL]), POLICY, AT_LAST)).toMatchObject({
    ...{ kind: "hold", grounds: "units_missing", reason: "Step 2 needs 35 more units of the candidate." },
  });
});

test("a step that is not the last is done with its units; the last one when the candidate is shown to be safe", () => {
  const first = { ...EQUAL, step: 0, share: 0.5 };
  expect(look(folded(POLICY, times(5, first)), POLICY, { step: 0 })).toMatchObject({ kind: "promote", grounds: "step_done" });
  expect(look(folded(POLICY, times(10, EQUAL)), POLICY, AT_LAST)).toMatchObject({
    ...{ kind: "hold", grounds: "not_shown_safe", reason: "task_success is not shown yet to stay within the margin." },
  });
  const safe = look(folded(POLICY, times(100, EQUAL)), POLICY, AT_LAST);
  expect(safe).toMatchObject({ kind: "promote", grounds: "shown_safe", metrics: [{ standing: "safe", difference: 0 }] });
  expect(safe.metrics[0]?.eSafe).toBeGreaterThan(20);
});

test("rolls back on evidence and says which metric is to blame", () => {
  const policy = aLivePolicy({ metrics: [aGuardrail(), aGuardrail({ name: "fast" })] });
  const blocks = times(30, { ...WORSE, means: { ...WORSE.means, fast: { candidate: successes(4, 5), stable: successes(4, 5) } } });
  const verdict = look(folded(policy, blocks), policy, AT_LAST);
  expect(verdict).toMatchObject({ kind: "rollback", grounds: "evidence", metrics: [{ standing: "worse" }, { standing: "open" }] });
  expect(verdict.reason).toMatch(/^task_success got worse: evidence \d.* of the 20\.0 that roll back, after 150 units of the candidate\.$/);
  expect(verdict.metrics[0]?.interval?.upper).toBeLessThan(0);
});

test("a metric that should be low is worse when it is high, in its own units", () => {
  const slow = aGuardrail({ name: "latency_over_8s", direction: "decrease" });
  const policy = aLivePolicy({ metrics: [slow] });
  const verdict = look(
    folded(policy, times(30, { ...WORSE, means: { latency_over_8s: WORSE.means.task_success as never } })),
    policy,
    AT_LAST,
  );
  expect(verdict).toMatchObject({ kind: "rollback", metrics: [{ mean: { candidate: 0.6, stable: 0.2 }, difference: 0.4 }] });
});

test("more dead letters than stable has roll back; as many do not stop a promotion", () => {
  const policy = aLivePolicy({ metrics: [{ name: "dlq", role: "guardrail", kind: "count" }] });
  const of = (candidate: number, stable: number): Block => ({ ...EQUAL, means: {}, counts: { dlq: { candidate, stable } } });
  expect(look(folded(policy, times(10, of(2, 0))), policy, AT_LAST)).toMatchObject({ kind: "rollback", grounds: "evidence" });
  expect(look(folded(policy, times(10, of(1, 1))), policy, AT_LAST)).toMatchObject({ kind: "promote", metrics: [{ standing: "safe" }] });
});

test("a breaker rolls back at its limit, and apart from evidence", () => {
  const policy = aLivePolicy({
    metrics: [aGuardrail(), { name: "crash", role: "breaker", kind: "count", failureCondition: "candidate.count >= 3" }],
  });
  const crashed: Block = { ...EQUAL, means: {}, counts: { crash: { candidate: 1, stable: 1 } } };
  expect(look(folded(policy, times(2, crashed)), policy, AT_LAST).kind).toBe("hold");
  expect(look(folded(policy, times(3, crashed)), policy, AT_LAST)).toMatchObject({
    ...{ kind: "rollback", grounds: "breaker", reason: "crash is at its limit: 3 of 15 units of the candidate (candidate.count >= 3)." },
  });
});

test("a signal holds what would be promoted", () => {
  const policy = aLivePolicy({ metrics: [aGuardrail({ role: "signal" }), aGuardrail({ name: "fast" })] });
  expect(look(folded(policy, times(30, WORSE)), policy, AT_LAST)).toMatchObject({ kind: "hold", grounds: "signal", eHarm: 1 });
});

test("a split that is not as wanted holds", () => {
  const lost = aBlock({ candidate: successes(1, 2), stable: successes(4, 8) });
  expect(look(folded(POLICY, times(50, lost)), POLICY, AT_LAST)).toMatchObject({
    ...{ kind: "hold", grounds: "split", split: { isOk: false, wanted: 0.5, observed: 0.2 } },
  });
});

test("a step that takes too long holds or rolls back, as the policy says", () => {
  const late = { step: 0, stepElapsedMs: 60_000 };
  expect(look(startGate(POLICY), POLICY, late)).toMatchObject({ kind: "hold", grounds: "timeout" });
  expect(look(startGate(POLICY), { ...POLICY, onTimeout: "rollback" }, late)).toMatchObject({ kind: "rollback", grounds: "timeout" });
});

test("units that had no choice are counted, for breakers as well, and nobody bets on them", () => {
  const breaker = { name: "crash", role: "breaker", kind: "count", failureCondition: "candidate.count >= 20" } as const;
  const policy = aLivePolicy({ metrics: [aGuardrail(), breaker] });
  const before = folded(policy, times(100, EQUAL));
  const alone = aBlock(
    { candidate: successes(0, 40), stable: successes(0, 0) },
    { share: 1, counts: { crash: { candidate: 40, stable: 0 } } },
  );
  const after = advance(before, alone, policy);
  expect(after).toMatchObject({
    blocks: 101,
    split: before.split,
    units: { candidate: 540, stable: 500 },
    steps: [{}, { candidate: 540 }],
  });
  expect(after.means.task_success).toEqual({
    ...before.means.task_success,
    arms: { candidate: successes(400, 540), stable: successes(400, 500) },
  });
  expect(look(after, policy, AT_LAST)).toMatchObject({ kind: "rollback", grounds: "breaker" });
});

test("from stored state and blocks the same verdict comes, byte for byte", () => {
  const blocks = Array.from({ length: 40 }, (_, index) => (index % 3 === 0 ? WORSE : EQUAL));
  let stored = JSON.stringify(startGate(POLICY));
  for (const block of blocks) stored = JSON.stringify(advance(JSON.parse(stored), JSON.parse(JSON.stringify(block)), POLICY));
  expect(stored).toBe(JSON.stringify(folded(POLICY, blocks)));
  expect(JSON.stringify(look(JSON.parse(stored), POLICY, AT_LAST))).toBe(JSON.stringify(look(folded(POLICY, blocks), POLICY, AT_LAST)));
});
