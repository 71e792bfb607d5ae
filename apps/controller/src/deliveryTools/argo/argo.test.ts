import { expect, test } from "vitest";
import { aRollout } from "../testing/aJudgedRollout.ts";
import { ArgoMetric } from "../testing/argoMetric.ts";
import { GATE_KEY, INGEST_KEY, openTools } from "../testing/openTools.ts";

const { stable, candidate } = aRollout();
const ASKED = `/v1/gates/support-agent/argo?canary=${candidate}&stable=${stable}&stage=5`;

const statusOf = async (url: string, headers: Record<string, string> = {}) => (await fetch(url, { headers })).status;

/** The metric `advance` of infra/argo; below it, the one in the background. */
const anAdvance = (looks: number) =>
  new ArgoMetric({
    ...{ success: ({ decision }) => decision === "promote", failure: ({ decision }) => decision === "rollback" },
    ...{ count: looks, inconclusiveLimit: looks, consecutiveSuccessLimit: 1 },
  });

test("promote ends Argo's metric successful at once", async () => {
  await using tools = await openTools();
  tools.rollouts.set({}, {});
  const metric = anAdvance(10);
  expect(await metric.measure(tools.url + ASKED)).toBe("Running");
  tools.rollouts.set({ step: 1 }, { step: 1 });
  expect(await metric.measure(tools.url + ASKED)).toBe("Successful");
});

test("hold goes on measuring, and too many holds end inconclusive: Argo waits for a person", async () => {
  await using tools = await openTools();
  tools.rollouts.set({}, {});
  const metric = anAdvance(4);
  const phases = [];
  for (let look = 0; look < 4; look += 1) phases.push(await metric.measure(tools.url + ASKED));
  expect(phases).toEqual(["Running", "Running", "Running", "Inconclusive"]);
});

test("rollback fails the metric, in the foreground and in the background", async () => {
  await using tools = await openTools();
  const background = new ArgoMetric({ failure: ({ decision }) => decision === "rollback" });
  tools.rollouts.set({}, {});
  for (let look = 0; look < 20; look += 1) expect(await background.measure(tools.url + ASKED)).toBe("Running");
  tools.rollouts.set({}, { kind: "rollback", grounds: "evidence", reason: "task_success got worse." });
  expect(await background.measure(tools.url + ASKED)).toBe("Failed");
  expect(await anAdvance(10).measure(tools.url + ASKED)).toBe("Failed");
});

test("while the store is away 503 is the answer, and the fifth in a row is an error", async () => {
  await using tools = await openTools();
  tools.rollouts.set({}, {});
  tools.rollouts.isAway = true;
  const metric = anAdvance(10);
  const phases = [];
  for (let look = 0; look < 5; look += 1) phases.push(await metric.measure(tools.url + ASKED));
  expect(phases).toEqual(["Running", "Running", "Running", "Running", "Error"]);
  expect(await statusOf(tools.url + ASKED)).toBe(503);
});

test("a gate without any data answers with every key", async () => {
  await using tools = await openTools();
  tools.rollouts.set({}, null);
  const answer = await fetch(tools.url + ASKED);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/json; charset=utf-8"]);
  expect(await answer.json()).toEqual({
    data: {
      ...{
        decision: "hold",
        ok: false,
        reason: "Step 1 was not looked at since it began.",
        phase: "running",
        canary: candidate,
        stable,
        step: 1,
        stage: 5,
      },
      ...{ nCanary: 0, nStable: 0, eHarm: 1, eHarmToRollBack: 1, eNonInferior: 1, eSafeToPromote: 1, srmOk: true },
    },
  });
});

test("a candidate without a rollout, or with a stable version other than the rollout's, is held", async () => {
  await using tools = await openTools();
  tools.rollouts.set({ phase: "promoted", reason: "Promoted." });
  const ask = async (query: string) =>
    ((await (await fetch(`${tools.url}/v1/gates/support-agent/argo?${query}`)).json()) as { data: object }).data;
  expect(await ask(`canary=${candidate}`)).toMatchObject({ decision: "promote" });
  expect(await ask("canary=other&stable=5d4f8")).toMatchObject({
    decision: "hold",
    reason: "No rollout of support-agent has the candidate other.",
  });
  expect(await ask(`canary=${candidate}&stable=other`)).toMatchObject({
    decision: "hold",
    reason: `${candidate} is compared with ${stable}, not with other.`,
  });
});

test.each([
  ["an argument that was not resolved", "canary=&stable=5d4f8"],
  ["no candidate", "stable=5d4f8"],
  ["a candidate that is the stable version", "canary=5d4f8&stable=5d4f8"],
  ["a stage that is no number", "canary=7c9b6&stage=five"],
  ["a stage beyond all", "canary=7c9b6&stage=101"],
  ["a word that nobody reads", "canary=7c9b6&stages=5"],
])("%s is 400", async (_name, query) => {
  await using tools = await openTools();
  tools.rollouts.set({}, {});
  expect(await statusOf(`${tools.url}/v1/gates/support-agent/argo?${query}`)).toBe(400);
});

test("the stable version is no candidate, even with its name alone, and an empty name is a single error", async () => {
  await using tools = await openTools();
  tools.rollouts.set({}, {});
  const ask = async (query: string) => {
    const answer = await fetch(`${tools.url}/v1/gates/support-agent/argo?${query}`);
    return { status: answer.status, text: await answer.text() };
  };
  expect(await ask(`canary=${stable}`)).toMatchObject({ status: 400, text: expect.stringContaining("is the stable version") });
  const empty = await ask("canary=&stable=");
  expect(empty).toMatchObject({ status: 400, text: expect.stringContaining("is empty") });
  expect(empty.text).not.toContain("not compared with itself");
});

test("an unknown gate is 404, and so is an unknown path", async () => {
  await using tools = await openTools();
  tools.rollouts.set({}, {});
  for (const path of ["other/argo?canary=a", "support-agent/argo/x?canary=a", "support-agent", "support-agent/argocd?canary=a"])
    expect(await statusOf(`${tools.url}/v1/gates/${path}`)).toBe(404);
});

test("a key sees its own project's gates, and an invalid one sees none", async () => {
  await using tools = await openTools();
  tools.rollouts.set({ project: "shop" }, {});
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
  const url = tools.url + ASKED;
  expect(await statusOf(url, bearer(GATE_KEY))).toBe(200);
  expect(await statusOf(`${url}&project=shop`, bearer(GATE_KEY))).toBe(200);
  expect(await statusOf(`${url}&project=other`, bearer(GATE_KEY))).toBe(403);
  expect(await statusOf(url, bearer(INGEST_KEY))).toBe(403);
  for (const wrong of ["sbx_unknown", "of another product", "x"]) expect(await statusOf(url, bearer(wrong))).toBe(401);
  expect(await statusOf(url, { authorization: "Digest x" })).toBe(401);
  expect(await statusOf(url)).toBe(404);
  expect(await statusOf(`${url}&project=shop`)).toBe(200);
});
