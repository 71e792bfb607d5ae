import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { durationMs } from "./duration.ts";
import { GatePolicy, KeptGatePolicy, policyHash, policyJsonSchema } from "./gatePolicy.ts";

const METRIC = { name: "passed", kind: "binary", nonInferiorityMargin: 0.03 };
const CANARY = {
  steps: [{ setWeight: 5, minUnits: 100, maxDuration: "2h" }],
  metrics: [{ name: "passed", role: "guardrail", kind: "binary", nonInferiorityMargin: 0.03 }],
};

function aPolicy(spec: object = { offline: { dataset: "d@v1", metrics: [METRIC] } }): unknown {
  return { apiVersion: "gates/v1", kind: "GatePolicy", metadata: { name: "support-agent" }, spec };
}

const offline = (change: object): unknown => aPolicy({ offline: { dataset: "d@v1", metrics: [METRIC], ...change } });
const metric = (change: object): unknown => offline({ metrics: [{ ...METRIC, ...change }] });
const canary = (change: object): unknown => aPolicy({ canary: { ...CANARY, ...change } });
const canaryMetric = (change: object): unknown => canary({ metrics: [{ ...CANARY.metrics[0], ...change }] });

test("what a policy leaves out has its default, and hashes the same as if it were said", () => {
  const short = GatePolicy.parse(aPolicy());
  expect(short.spec).toMatchObject({
    baseline: { ref: "production" },
    offline: { minItems: 30, correction: "holm", metrics: [{ direction: "increase", alpha: 0.05, critical: false }] },
  });
  expect(policyHash(GatePolicy.parse(offline({ repeats: 1, correction: "holm" })))).toBe(policyHash(short));
  expect(policyHash(GatePolicy.parse(offline({ repeats: 2 })))).not.toBe(policyHash(short));
});

test("a canary's policy has the error rates and what is missing filled in", () => {
  expect(GatePolicy.parse(canary({})).spec.canary).toMatchObject({
    rollback: { alpha: 0.05 },
    promote: { beta: 0.05 },
    onMissing: { unscored: "fail", scoringLag: "15m" },
    srm: { alpha: 0.001, action: "hold" },
    metrics: [{ weight: 1, harmMargin: 0, sample: 1 }],
  });
  expect([durationMs("90s"), durationMs("15m"), durationMs("1d")]).toEqual([90_000, 900_000, 86_400_000]);
});

test.each<[string, unknown]>([
  ["spec", aPolicy({})],
  ["spec.offline.metrics.0.nonInferiorityMargin", metric({ nonInferiorityMargin: 1 })],
  ["spec.offline.metrics.0.nonInferiorityMargin", metric({ nonInferiorityMargin: 0 })],
  ["spec.offline.metrics.0.name", metric({ nonInferiorityMargin: undefined })],
  ["spec.offline.metrics.0.range", metric({ range: [1, 5] })],
  ["spec.offline.metrics.0.range", metric({ kind: "score", range: [5, 1] })],
  ["spec.offline.metrics.0.range", metric({ kind: "score", direction: "decrease" })],
  ["spec.offline.metrics.0.test", metric({ kind: "score", test: "mcnemar" })],
  ["spec.offline.metrics.0.alpha", metric({ alpha: 0.5 })],
  ["spec.offline.metrics.1.name", offline({ metrics: [METRIC, METRIC] })],
  ["spec.offline.metrics", offline({ metrics: [] })],
  ["spec.canary.steps.1.setWeight", canary({ steps: [CANARY.steps[0], CANARY.steps[0]] })],
  ["spec.canary.steps.0.setWeight", canary({ steps: [{ setWeight: 100, minUnits: 1 }] })],
  ["spec.canary.metrics.0.nonInferiorityMargin", canaryMetric({ nonInferiorityMargin: 1 })],
  ["spec.canary.metrics.0.nonInferiorityMargin", canaryMetric({ kind: "score", range: [1, 5], nonInferiorityMargin: 4 })],
  ["spec.canary.metrics.0.harmMargin", canaryMetric({ kind: "bounded", cap: 0.5, harmMargin: 0.5 })],
  ["spec.canary.metrics.0.range", canary({ metrics: [{ ...CANARY.metrics[0], kind: "score" }] })],
  ["spec.canary.metrics.0.cap", canary({ metrics: [{ ...CANARY.metrics[0], kind: "bounded" }] })],
  ["spec.canary.metrics", canary({ metrics: [{ ...CANARY.metrics[0], role: "signal" }] })],
  ["spec", { ...(aPolicy() as object), spec: { ...(aPolicy() as { spec: object }).spec, outputs: { argo: true } } }],
  ["spec.canary.onTimeout", canary({ onTimeout: "promote" })],
])("refused at %s", (path, policy) => {
  expect(GatePolicy.safeParse(policy).error?.issues.map((issue) => issue.path.join("."))).toEqual([path]);
});

test("a kept policy from before a setting was taken out is read without it", () => {
  const policy = GatePolicy.parse(aPolicy());
  const old = { ...policy, spec: { ...policy.spec, outputs: { github: [], argo: true }, override: { requireReason: true, roles: [] } } };
  expect(KeptGatePolicy.parse(old)).toEqual(policy);
  expect(KeptGatePolicy.safeParse({ ...policy, spec: { ...policy.spec, others: 1 } }).success).toBe(false);
});

test("the schema that editors read is the one that is checked", () => {
  const published = new URL("../../../../docs/schemas/gate-policy.v1.schema.json", import.meta.url);
  expect(JSON.parse(readFileSync(published, "utf8"))).toEqual(policyJsonSchema());
});
