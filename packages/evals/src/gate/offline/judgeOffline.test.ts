import { expect, test } from "vitest";
import { passes } from "../../compare/scoredRuns.ts";
import { aGateRun, anOfflinePolicy } from "./gateBuilders.ts";
import { isOfDataset } from "./isOfDataset.ts";
import { judgeOffline } from "./judgeOffline.ts";
import { whyShort } from "./preconditions.ts";

const many = passes([1, 1600], [0, 400]);
const baseline = aGateRun("old", many);
const worse = aGateRun("new", passes([0, 60], [1, 1540], [0, 400]));

test("an equal pair of 2,000 items passes", () => {
  expect(judgeOffline(anOfflinePolicy(), aGateRun("new", many), baseline)).toMatchObject({
    verdict: "pass",
    reason: "No metric regressed, and none loses as much as its margin: passed.",
    items: { shared: 2000, onlyBaseline: 0, onlyCandidate: 0 },
    worsened: [],
  });
});

test("a candidate that is shown to be worse fails, and the items that lost are named with their traces", () => {
  const { verdict, reason, worsened } = judgeOffline(anOfflinePolicy(), worse, baseline);
  expect([verdict, reason]).toEqual(["fail", expect.stringMatching(/^passed changed by -0\.03 .*: it regressed\.$/)]);
  expect(worsened).toHaveLength(60);
  expect(worsened[0]).toEqual({ item: "0", metric: "passed", baseline: 1, candidate: 0, loss: 1, traceId: "trace-0" });
});

test("a run has as many repeats as the item with the fewest, however many items there are", () => {
  const run = aGateRun("new", Array<number>(200_000).fill(1));
  const items = { shared: 200_000, onlyBaseline: 0, onlyCandidate: 0 };
  expect(whyShort(anOfflinePolicy({ repeats: 2 }), run, run, items)).toContain("with 1 of the 2 repeats");
});

test("a comparison without enough evidence is inconclusive, and names the loss that it could have detected", () => {
  const [old, candidate] = [passes([1, 80], [0, 20]), passes([0, 5], [1, 80], [0, 15])];
  const { verdict, reason } = judgeOffline(anOfflinePolicy(), aGateRun("new", candidate), aGateRun("old", old));
  expect([verdict, reason]).toEqual(["inconclusive", expect.stringMatching(/a loss of 0\.0\d+ would be found 80 % of the time\.$/)]);
});

test.each<[string, Parameters<typeof judgeOffline>]>([
  ["there is no baseline", [anOfflinePolicy(), worse, null]],
  ["new is a run of other@v1", [anOfflinePolicy(), { ...worse, dataset: { name: "other@v1", hash: null } }, baseline]],
  ["policy is about d@v2", [anOfflinePolicy({ dataset: "d@v2" }), { ...worse, dataset: { name: "d@v1", hash: null } }, baseline]],
  ["different hashes", [anOfflinePolicy(), worse, { ...baseline, dataset: { name: "d@1", hash: "b" } }]],
  ["different versions", [anOfflinePolicy(), { ...worse, dataset: { name: "d@2", hash: null } }, baseline]],
  ["new does not say which dataset", [anOfflinePolicy(), { ...worse, dataset: { name: null, hash: null } }, baseline]],
  ["share 2000 items, and the policy asks for 3000", [anOfflinePolicy({ minItems: 3_000 }), worse, baseline]],
  ["new lacks 1000 items of old", [anOfflinePolicy(), aGateRun("new", many.slice(0, 1000)), baseline]],
  ["with 1 of the 3 repeats", [anOfflinePolicy({ repeats: 3 }), aGateRun("new", many), baseline]],
  [
    "which items share a metadata.talk",
    [anOfflinePolicy({ clusterBy: "metadata.talk" }), { ...worse, unitKey: "user" }, { ...baseline, unitKey: "user" }],
  ],
  ["old counts by item and new by talk", [anOfflinePolicy(), { ...worse, unitKey: "talk" }, baseline]],
])("inconclusive: %s", (why, given) => {
  const { verdict, reason } = judgeOffline(...given);
  expect([verdict, reason.toLowerCase()]).toEqual(["inconclusive", expect.stringContaining(why.toLowerCase())]);
});

test("a policy that names no version takes each, and v12 is 12", () => {
  expect([isOfDataset("d", "d@3"), isOfDataset("d@v12", "d@12"), isOfDataset("d@12", "d@12")]).toEqual([true, true, true]);
  expect([isOfDataset("d", "dd@3"), isOfDataset("d@1", "d@12"), isOfDataset("d@1", "d")]).toEqual([false, false, false]);
});

test("a value above its absolute limit fails on few items, too, and without a baseline", () => {
  const limit = { name: "unsafe", kind: "binary", direction: "decrease", maxAbsolute: 0, critical: true };
  const policy = anOfflinePolicy({ metrics: [limit] });
  const run = (unsafe: number) => aGateRun("new", [...Array<object>(11).fill({ unsafe: 0 }), { unsafe }] as Record<string, number>[]);
  expect(judgeOffline(policy, run(1), null)).toMatchObject({ verdict: "fail", reason: "unsafe is 0.0833, above its limit of 0." });
  expect(judgeOffline(policy, run(0), null).verdict).toBe("inconclusive");
  expect(judgeOffline(policy, run(1), run(0)).verdict).toBe("fail");
});

test("an item that crashed counts against a metric of which less is better", () => {
  const policy = anOfflinePolicy({ metrics: [{ name: "unsafe", kind: "binary", direction: "decrease", maxAbsolute: 0 }] });
  const run = aGateRun("new", Array<Record<string, number>>(40).fill({ unsafe: 0 }));
  const crashed = { ...run, trials: run.trials.map((trial, index) => (index === 0 ? { ...trial, failed: true } : trial)) };
  expect(judgeOffline(policy, run, run).verdict).toBe("pass");
  expect(judgeOffline(policy, crashed, run)).toMatchObject({ verdict: "fail", reason: "unsafe is 0.025, above its limit of 0." });
});

test("what a candidate leaves without a score is no way under a limit", () => {
  const limit = { name: "unsafe", kind: "binary", direction: "decrease", maxAbsolute: 0 };
  const run = (name: string, unscored: number) =>
    aGateRun(
      name,
      Array.from({ length: 40 }, (_, index): Record<string, number> => (index < unscored ? {} : { unsafe: 0 })),
    );
  const judged = (candidate: number, before: number, kind = {}) =>
    judgeOffline(anOfflinePolicy({ metrics: [{ ...limit, ...kind }] }), run("new", candidate), run("old", before));
  expect(judged(2, 0)).toMatchObject({ verdict: "fail", reason: "unsafe is 0.05, above its limit of 0." });
  expect(judged(2, 2).verdict).toBe("pass");
  expect(judged(2, 0, { kind: "score", direction: "increase" })).toMatchObject({
    verdict: "inconclusive",
    reason: expect.stringContaining("38 items; 2 more lack a score in one of the runs"),
  });
  const others = aGateRun("new", [...Array<Record<string, number>>(40).fill({}), { unsafe: 0 }]);
  expect(judgeOffline(anOfflinePolicy({ metrics: [limit] }), others, run("old", 40))).toMatchObject({
    verdict: "inconclusive",
    reason: expect.stringContaining("No item that both runs have was scored"),
  });
});

test("a critical metric has its whole alpha, the others share theirs", () => {
  const names = ["a", "b", "c", "d"];
  const metrics = (isCritical: boolean) =>
    names.map((name) => ({ name, kind: "binary", nonInferiorityMargin: 0.05, critical: isCritical && name === "a" }));
  const scores = (lost: number) => many.map((b, index) => ({ a: index < lost ? 0 : b, b, c: b, d: b }));
  const judged = (isCritical: boolean) =>
    judgeOffline(anOfflinePolicy({ metrics: metrics(isCritical) }), aGateRun("new", scores(6)), aGateRun("old", scores(0)));
  expect(judged(false).verdict).toBe("pass");
  expect(judged(true)).toMatchObject({ verdict: "fail", metrics: [{ name: "a", verdict: "fail" }, { verdict: "pass" }, {}, {}] });
});

test("a judge's metric fails the gate only if the judge is calibrated", () => {
  const policy = anOfflinePolicy({ metrics: [{ name: "passed", kind: "binary", nonInferiorityMargin: 0.05, judge: {} }] });
  const judged = (lower?: number, labels = 200) => {
    const calibrations = lower === undefined ? {} : { passed: { labels, kappa: { value: 0.7, lower, upper: 0.8 } } };
    return judgeOffline(policy, { ...worse, calibrations }, baseline);
  };
  expect(judged()).toMatchObject({
    verdict: "inconclusive",
    reason: expect.stringContaining("Its judge is not calibrated"),
    metrics: [{ isSignal: true }],
  });
  expect(judged(0.5)).toMatchObject({ verdict: "inconclusive", reason: expect.stringContaining("kappa 0.7, at least 0.5, on 200 labels") });
  expect(judged(0.62, 50)).toMatchObject({ verdict: "inconclusive", reason: expect.stringContaining("on 50 labels alone") });
  expect(judged(0.62)).toMatchObject({ verdict: "fail", metrics: [{ isSignal: false }] });
});

test("a metric that nobody scored is refused", () => {
  const policy = anOfflinePolicy({ metrics: [{ name: "cost", kind: "score", nonInferiorityMargin: 1 }] });
  expect(() => judgeOffline(policy, worse, baseline)).toThrow(
    expect.objectContaining({ code: "invalid_input", message: "There is no metric cost in old or new." }),
  );
});
