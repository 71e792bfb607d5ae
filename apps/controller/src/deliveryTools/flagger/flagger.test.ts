import { type OfflinePolicy, offlineHash } from "@signalbox/model";
import { expect, test } from "vitest";
import { aJudged, aRollout, SUPPORT_POLICY } from "../testing/aJudgedRollout.ts";
import { FlaggerCanary } from "../testing/flaggerCanary.ts";
import { GATE_KEY, INGEST_KEY, openTools } from "../testing/openTools.ts";
import { mayBegin } from "./flaggerAnswer.ts";

const WEIGHTS = [5, 25, 50];
const PAYLOAD = { name: "support", namespace: "agents", phase: "Progressing", checksum: "85d557f47b" };

type Tools = Awaited<ReturnType<typeof openTools>>;
const aCanary = ({ url }: Tools) => new FlaggerCanary(`${url}/v1/gates/support-agent`, WEIGHTS);

async function ticks(canary: FlaggerCanary, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) await canary.tick();
}

async function post(tools: Tools, path: string, payload: object = {}, headers: Record<string, string> = {}) {
  const answer = await fetch(`${tools.url}/v1/gates/${path}`, {
    ...{ method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify({ ...PAYLOAD, ...payload }) },
  });
  return { status: answer.status, text: await answer.text() };
}

test("a canary takes its first step at once, and each later one when the gate is done with the step before", async () => {
  await using tools = await openTools();
  tools.rollouts.set({}, null);
  const canary = aCanary(tools);
  canary.apply("v2");
  await ticks(canary, 2);
  expect([canary.phase, canary.weight]).toEqual(["Progressing", 5]);
  await ticks(canary, 4);
  expect([canary.weight, canary.failedChecks]).toEqual([5, 0]);
  tools.rollouts.set({ step: 1 }, { step: 1 });
  await ticks(canary, 4);
  expect(canary.weight).toBe(25);
  tools.rollouts.set({ step: 2 }, { step: 2, isLastStep: true });
  await ticks(canary, 4);
  expect([canary.weight, canary.phase, canary.failedChecks]).toEqual([50, "Progressing", 0]);
  tools.rollouts.set({ phase: "promoted", step: 2 });
  await ticks(canary, 3);
  expect([canary.phase, canary.weight]).toEqual(["Succeeded", 0]);
});

test("harm rolls a canary back at the next tick, wherever it is", async () => {
  for (const weight of WEIGHTS) {
    await using tools = await openTools();
    tools.rollouts.set({}, null);
    const canary = aCanary(tools);
    canary.apply("v2");
    await ticks(canary, 2);
    const step = WEIGHTS.indexOf(weight);
    for (let next = 1; next <= step; next += 1) {
      tools.rollouts.set({ step: next }, { step: next });
      await canary.tick();
    }
    expect(canary.weight).toBe(weight);
    tools.rollouts.set({ step }, { kind: "rollback", grounds: "evidence", reason: "task_success got worse.", step });
    await canary.tick();
    expect([canary.phase, canary.weight, canary.failedChecks]).toEqual(["Failed", 0, 0]);
  }
});

test("a revision without a rollout waits, and no check fails", async () => {
  await using tools = await openTools();
  tools.rollouts.set({ phase: "rolledBack", reason: "task_success got worse." });
  const canary = aCanary(tools);
  canary.apply("v2");
  await ticks(canary, 3);
  expect([canary.phase, canary.failedChecks, canary.asked]).toEqual(["Waiting", 0, Array(3).fill("confirm-rollout 403")]);
  tools.rollouts.add({ id: "0199c0de-0000-7000-8000-000000000002", candidate: "v2" }, null);
  await ticks(canary, 2);
  expect([canary.phase, canary.weight]).toEqual(["Progressing", 5]);
});

test("a rollout that is promoted before Flagger begins lets its revision through", async () => {
  await using tools = await openTools();
  tools.rollouts.set({ phase: "promoted", step: 2 });
  const canary = aCanary(tools);
  canary.apply("v2");
  await ticks(canary, 8);
  expect([canary.phase, canary.failedChecks]).toEqual(["Succeeded", 0]);
});

test("a rollout's findings on one revision open nothing for the next", async () => {
  await using tools = await openTools();
  tools.rollouts.set({}, null);
  const canary = aCanary(tools);
  canary.apply("v2");
  await ticks(canary, 2);
  tools.rollouts.set({ phase: "promoted", step: 2 });
  canary.apply("v3");
  await ticks(canary, 5);
  expect([canary.weight, canary.phase, canary.failedChecks]).toEqual([0, "Progressing", 0]);
  expect(canary.asked.filter((asked) => asked === "rollback 200")).toEqual([]);
});

test("a lost answer before the first step stops nothing", async () => {
  await using tools = await openTools();
  tools.rollouts.set({}, null);
  const canary = aCanary(tools);
  canary.apply("v2");
  await canary.tick();
  await canary.lose("confirm-traffic-increase");
  await canary.tick();
  expect(canary.weight).toBe(5);
});

test("a closed gate gives its reason in one line of text, and rollback is closed by default", async () => {
  await using tools = await openTools();
  tools.rollouts.set({}, { reason: "Step 1 needs\n 40 more units of the candidate." });
  expect(await post(tools, "support-agent/flagger/promote")).toEqual({
    status: 403,
    text: "The rollout is at step 1 and not at step 3 yet.",
  });
  expect(await post(tools, "support-agent/flagger/rollback")).toEqual({
    status: 403,
    text: "Step 1 needs 40 more units of the candidate.",
  });
  expect((await post(tools, "support-agent/flagger/health")).status).toBe(200);
});

test("a revision without a rollout is not rolled back", async () => {
  await using tools = await openTools();
  tools.rollouts.set({ phase: "rolledBack", reason: "It got worse." });
  expect(await post(tools, "support-agent/flagger/rollback")).toEqual({
    status: 403,
    text: "No rollout of support-agent judges this revision.",
  });
});

test("Flagger's events of a deployment are kept, with Flagger's time", async () => {
  await using tools = await openTools();
  tools.rollouts.set({}, null);
  const metadata = { eventMessage: "Advance support.agents canary weight 5", eventType: "Normal", timestamp: "1764230400123" };
  expect((await post(tools, "support-agent/flagger/event", { metadata })).status).toBe(200);
  expect(tools.stages.events).toEqual([
    {
      ...{ project: "default", gate: "support-agent", source: "flagger", subject: "agents/support", kind: "Normal" },
      ...{ message: metadata.eventMessage, at: new Date(1_764_230_400_123) },
    },
  ]);
});

test("an unknown gate and an unknown webhook are 404, whatever the method", async () => {
  await using tools = await openTools();
  tools.rollouts.set({}, null);
  for (const path of ["other/flagger/advance", "support-agent/flagger/other", "support-agent/flagger", "support-agent/flagger/advance/x"])
    expect((await post(tools, path)).status).toBe(404);
  for (const path of ["flagger/rollback", "flagger/promote"])
    expect((await fetch(`${tools.url}/v1/gates/support-agent/${path}`)).status).toBe(404);
});

test("a malformed payload is 400", async () => {
  await using tools = await openTools();
  tools.rollouts.set({}, null);
  expect((await post(tools, "support-agent/flagger/advance", { checksum: "" })).status).toBe(400);
  expect((await post(tools, "support-agent/flagger/event", { metadata: { timestamp: "soon" } })).status).toBe(400);
});

test("Flagger sends no header of ours: a key comes as metadata.token, and a wrong one opens nothing", async () => {
  await using tools = await openTools();
  tools.rollouts.set({ project: "shop" }, null);
  const statusWith = async (token: string) => (await post(tools, "support-agent/flagger/advance", { metadata: { token } })).status;
  expect([await statusWith("sbx_unknown"), await statusWith("word"), await statusWith(INGEST_KEY)]).toEqual([401, 401, 403]);
  expect(await statusWith(GATE_KEY)).toBe(200);
  expect((await post(tools, "support-agent/flagger/advance", {})).status).toBe(404);
});

test("a body that is not JSON is 400 with a one-line reason, which Flagger shows", async () => {
  await using tools = await openTools();
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${tools.url}/v1/gates/support-agent/flagger/advance`, { method: "POST", headers, body: "{" });
  expect([answer.status, answer.headers.get("content-type")]).toEqual([400, "text/plain; charset=utf-8"]);
  expect(await answer.text()).toMatch(/^[^{\n]*JSON[^\n]*$/);
});

test.each([
  ["pass", undefined, true],
  ["fail", "pass", false],
  ["inconclusive", undefined, false],
  ["inconclusive", "warn", true],
  [null, undefined, false],
] as const)("where a policy has an offline gate, a kept verdict %s with onInconclusive %s opens: %s", (verdict, onInconclusive, isOpen) => {
  const offline = { metrics: [], ...(onInconclusive === undefined ? {} : { onInconclusive }) } as unknown as OfflinePolicy;
  const policy = { ...SUPPORT_POLICY, spec: { ...SUPPORT_POLICY.spec, offline } };
  const kept = { id: "1", at: "2026-11-27T08:00:00.000Z", reason: "Why.", offlineHash: offlineHash(policy) };
  const check = verdict === null ? null : { ...kept, verdict };
  const judged = aJudged(aRollout({ policy }), null);
  expect(mayBegin(judged, { isTaken: false, check }).isOpen).toBe(isOpen);
  const byAnother = check === null ? null : { ...check, offlineHash: offlineHash(SUPPORT_POLICY) };
  expect(mayBegin(judged, { isTaken: false, check: byAnother })).toMatchObject({ isOpen: false, reason: expect.stringMatching(/check/) });
});
