import { expect, test } from "vitest";
import { aRollout } from "../testing/aJudgedRollout.ts";
import { GATE_KEY, openTools } from "../testing/openTools.ts";

type Tools = Awaited<ReturnType<typeof openTools>>;
const { candidate, stable } = aRollout();

async function call(url: string, body?: object): Promise<{ status: number; body: Record<string, unknown> }> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(url, body === undefined ? {} : { method: "POST", headers, body: JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const scopes = (experiment = candidate, control = stable) => ({
  scopes: { default: { controlScope: { scope: control }, experimentScope: { scope: experiment } } },
  thresholds: { pass: 95, marginal: 75 },
});

/** Acts like Argo's kayenta provider: looks the config up, starts an analysis, and polls until it is complete. */
async function phaseAtArgo({ url }: Tools, request = scopes(), prefix = "/v1/kayenta"): Promise<string> {
  const configs = (await (await fetch(`${url}${prefix}/canaryConfig?application=agents&configurationAccountName=x`)).json()) as {
    id: string;
  }[];
  const started = await call(`${url}${prefix}/canary/${configs[0]?.id}?application=agents&metricsAccountName=x`, request);
  const { body } = await call(`${url}${prefix}/canary/${started.body.canaryExecutionId}`);
  if (body.complete !== true) return "Running";
  const { score } = (body.result as { judgeResult: { score: { score: number } } }).judgeResult.score;
  return score >= request.thresholds.pass ? "Successful" : score >= request.thresholds.marginal ? "Inconclusive" : "Failed";
}

test("Argo's kayenta provider waits while the gate holds, and ends as the gate decides", async () => {
  await using tools = await openTools();
  tools.rollouts.set({}, {});
  expect(await phaseAtArgo(tools)).toBe("Running");
  tools.rollouts.set({ phase: "promoted" });
  expect(await phaseAtArgo(tools)).toBe("Successful");
  tools.rollouts.set({}, { kind: "rollback" });
  expect(await phaseAtArgo(tools)).toBe("Failed");
  expect(await phaseAtArgo(tools, scopes("another"))).toBe("Inconclusive");
});

test("a version is not compared with itself, a hold needs a gap between thresholds, and executions cannot be guessed", async () => {
  await using tools = await openTools();
  tools.rollouts.set({}, {});
  const start = async (request: object, gate = "support-agent") => (await call(`${tools.url}/v1/kayenta/canary/${gate}`, request)).status;
  expect(await start(scopes(stable))).toBe(400);
  expect(await start({ ...scopes(), thresholds: { pass: 75, marginal: 75 } })).toBe(400);
  expect(await start(scopes(), "other")).toBe(404);
  for (const id of ["1", "e30", Buffer.from('["a"]').toString("base64url")])
    expect((await call(`${tools.url}/v1/kayenta/canary/${id}`)).status).toBe(404);
});

test("a client that sends no headers puts its key in the path", async () => {
  await using tools = await openTools();
  tools.rollouts.set({ project: "shop", phase: "promoted" });
  expect(await phaseAtArgo(tools, scopes(), `/v1/kayenta/key/${GATE_KEY}`)).toBe("Successful");
  expect((await call(`${tools.url}/v1/kayenta/key/sbx_unknown/canaryConfig`)).status).toBe(401);
});

const bucket = Array.from({ length: 12 }, (_value, index) => 100 + 10 * Math.sin(index) + index / 50);
const worse = bucket.map((value, index) => value * (1.2 + index / 500));
const aMetric = (name: string, canary: object = {}) => ({
  name,
  groups: ["g"],
  analysisConfigurations: { canary: { direction: "increase", ...canary } },
});
const aPair = (name: string, experiment: unknown[], control: unknown[] = bucket) => ({
  id: name,
  name,
  tags: {},
  values: { control, experiment },
});

async function judged({ url }: Tools, metrics: object[], pairs: object[]) {
  const { body } = await call(`${url}/v1/kayenta/judge`, {
    ...{
      canaryConfig: { metrics, classifier: { groupWeights: { g: 100 } } },
      scoreThresholds: { pass: 95, marginal: 50 },
      metricSetPairList: pairs,
    },
  });
  const { results, score } = body as { results: { classification: string }[]; score: { score: number; classification: string } };
  return [results.map(({ classification }) => classification), score.score, score.classification];
}

test("a remote judge judges posted series by our own test", async () => {
  await using tools = await openTools();
  const both = [aPair("latency", worse), aPair("errors", bucket)];
  expect(await judged(tools, [aMetric("latency"), aMetric("errors")], both)).toEqual([["High", "Pass"], 50, "Marginal"]);
  expect(await judged(tools, [aMetric("latency", { critical: true }), aMetric("errors")], both)).toEqual([["High", "Pass"], 0, "Fail"]);
  expect(await judged(tools, [aMetric("latency", { muted: true }), aMetric("errors")], both)).toEqual([["High", "Pass"], 100, "Pass"]);
  expect(await judged(tools, [aMetric("latency", { direction: "decrease" }), aMetric("errors")], both)).toEqual([
    ["Pass", "Pass"],
    100,
    "Pass",
  ]);
});

test("series without enough buckets are no data, and no pass", async () => {
  await using tools = await openTools();
  const metrics = [aMetric("latency"), aMetric("errors", { mustHaveData: true })];
  expect(await judged(tools, metrics, [aPair("latency", bucket), aPair("errors", ["NaN", null, 1])])).toEqual([
    ["Pass", "Nodata"],
    0,
    "Fail",
  ]);
  expect(await judged(tools, [aMetric("latency")], [aPair("latency", [], [])])).toEqual([["Nodata"], 0, "Nodata"]);
  expect((await call(`${tools.url}/v1/kayenta/judge`, { metricSetPairList: [] })).status).toBe(400);
});
