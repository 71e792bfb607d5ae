import { createVerify, generateKeyPairSync } from "node:crypto";
import type { GithubReview } from "@signalbox/db/prisma";
import { afterEach, expect, test } from "vitest";
import { MemoryRollouts } from "../testing/aJudgedRollout.ts";
import { MemoryChecks } from "../testing/memoryChecks.ts";
import { appToken, openGithubApp } from "./githubApp.ts";
import type { GithubConfig } from "./githubConfig.ts";
import { reviewStep } from "./reviewStep.ts";

const NOW = new Date("2026-11-27T08:00:00.000Z");
const SHA = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });

const config: GithubConfig = {
  ...{ apiUrl: "https://github.example/api/v3", appId: "12345", webhookSecret: "s", project: "default", gates: new Map() },
  appKey: privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
};

const aReview: GithubReview = {
  ...{ id: "1", project: "default", gate: "support-agent", deliveryId: "d", repository: "octo-org/support-agent", runId: 42 },
  ...{ environment: "production", installation: 7, sha: SHA, receivedAt: NOW, attempts: 0, comments: 0, told: null },
};

const checks = new MemoryChecks();
afterEach(() => {
  checks.kept = null;
});

type Sent = { url: string; authorization: string; body: unknown };

/** A GitHub that issues tokens, and answers reviews with `status`. */
function aGithub(status = 204) {
  const sent: Sent[] = [];
  const http = (async (url: string, { headers, body }: { headers: Record<string, string>; body?: string }) => {
    sent.push({ url, authorization: headers.authorization ?? "", body: body === undefined ? null : JSON.parse(body) });
    if (url.endsWith("/access_tokens")) return Response.json({ token: "ghs_1", expires_at: "2026-11-27T09:00:00Z" }, { status: 201 });
    return new Response(null, { status });
  }) as unknown as typeof fetch;
  return { sent, app: openGithubApp(config, http, () => NOW.getTime()) };
}

test("a finished step, or one approved by a person, deploys nothing: the whole rollout has to be over", async () => {
  const [rollouts, { app, sent }] = [new MemoryRollouts(), aGithub()];
  rollouts.set({ candidate: SHA }, { kind: "promote", grounds: "step_done", reason: "Step 1 has its 120 units." });
  const held = await reviewStep(aReview, { rollouts, checks, app, now: NOW });
  expect(held).toMatchObject({ state: "waiting", comments: 1 });
  rollouts.set({ candidate: SHA }, { kind: "promote", grounds: "step_done", reason: "Step 1 has its 121 units." });
  expect(await reviewStep({ ...aReview, ...held }, { rollouts, checks, app, now: NOW })).toMatchObject({ state: "waiting", comments: 1 });
  expect(sent.filter(({ body }) => JSON.stringify(body)?.includes("approved"))).toEqual([]);
});

test("a deployment is followed no longer than GitHub waits, and one with an unreadable rollout is retried", async () => {
  const [rollouts, { app }] = [new MemoryRollouts(), aGithub()];
  rollouts.isAway = true;
  expect(await reviewStep(aReview, { rollouts, checks, app, now: NOW })).toMatchObject({ state: "waiting", attempts: 1 });
  const later = new Date(NOW.getTime() + 31 * 86_400_000);
  expect(await reviewStep(aReview, { rollouts, checks, app, now: later })).toMatchObject({ state: "gone" });
});

test("a promoted candidate is approved, whether named by its commit's full or short hash", async () => {
  for (const candidate of [SHA, SHA.slice(0, 12), SHA.slice(0, 7)]) {
    const [rollouts, { app, sent }] = [new MemoryRollouts(), aGithub()];
    rollouts.set({ candidate, phase: "promoted", reason: "Every guardrail is shown to stay within its margin." });
    expect(await reviewStep(aReview, { rollouts, checks, app, now: NOW })).toMatchObject({ state: "approved", comments: 0 });
    expect(sent).toEqual([
      {
        url: "https://github.example/api/v3/app/installations/7/access_tokens",
        authorization: expect.stringMatching(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/),
        body: null,
      },
      {
        url: "https://github.example/api/v3/repos/octo-org/support-agent/actions/runs/42/deployment_protection_rule",
        authorization: "Bearer ghs_1",
        body: { environment_name: "production", state: "approved", comment: "Every guardrail is shown to stay within its margin." },
      },
    ]);
  }
});

test("a candidate that is rolled back is rejected", async () => {
  const [rollouts, { app, sent }] = [new MemoryRollouts(), aGithub()];
  rollouts.set({ candidate: SHA }, { kind: "rollback", reason: "task_success got worse." });
  expect(await reviewStep(aReview, { rollouts, checks, app, now: NOW })).toMatchObject({ state: "rejected" });
  expect(sent.at(-1)?.body).toMatchObject({ state: "rejected", comment: "task_success got worse." });
});

test("a hold is reported when its reason is new, at most ten times, and looked at again", async () => {
  const [rollouts, { app, sent }] = [new MemoryRollouts(), aGithub()];
  const first = await reviewStep(aReview, { rollouts, checks, app, now: NOW });
  expect(first).toEqual({
    ...{ state: "waiting", now: NOW, nextAt: new Date(NOW.getTime() + 15_000), attempts: 0, comments: 1 },
    told: "No rollout of support-agent has the commit 6dcb09b as its candidate yet.",
  });
  expect(sent.at(-1)?.body).toEqual({ environment_name: "production", comment: first.told });
  const told = { ...aReview, comments: first.comments, told: first.told };
  expect(await reviewStep(told, { rollouts, checks, app, now: NOW })).toMatchObject({ state: "waiting", comments: 1 });
  rollouts.set({ candidate: SHA }, {});
  expect(await reviewStep(told, { rollouts, checks, app, now: NOW })).toMatchObject({ comments: 2 });
  expect(sent.filter(({ url }) => !url.endsWith("/access_tokens"))).toHaveLength(2);
  expect(await reviewStep({ ...aReview, comments: 10 }, { rollouts, checks, app, now: NOW })).toMatchObject({ comments: 10, told: null });
});

test("a failed answer is retried after growing pauses; one that GitHub no longer knows is over", async () => {
  const rollouts = new MemoryRollouts();
  rollouts.set({ candidate: SHA, phase: "promoted" });
  const pausesOf = async (attempts: number) => {
    const change = await reviewStep({ ...aReview, attempts }, { rollouts, checks, app: aGithub(502).app, now: NOW });
    expect([change.state, change.attempts]).toEqual(["waiting", attempts + 1]);
    return change.nextAt.getTime() - NOW.getTime();
  };
  expect([await pausesOf(0), await pausesOf(1), await pausesOf(99)]).toEqual([15_000, 30_000, 900_000]);
  const away = openGithubApp(config, (() => Promise.reject(new TypeError("fetch failed"))) as unknown as typeof fetch, () => NOW.getTime());
  expect(await reviewStep(aReview, { rollouts, checks, app: away, now: NOW })).toMatchObject({ state: "waiting", attempts: 1 });
  for (const status of [404, 410, 422])
    expect((await reviewStep(aReview, { rollouts, checks, app: aGithub(status).app, now: NOW })).state).toBe("gone");
});

test("an installation's token is used until shortly before its end", async () => {
  const { app, sent } = aGithub();
  for (let time = 0; time < 3; time += 1) await app.review(aReview, { comment: "x" });
  expect(sent.filter(({ url }) => url.endsWith("/access_tokens"))).toHaveLength(1);
});

test("the App's own token is signed with its key, and short", () => {
  const [header = "", claims = "", signature = ""] = appToken("12345", config.appKey, NOW.getTime()).split(".");
  const read = (part: string): unknown => JSON.parse(Buffer.from(part, "base64url").toString());
  const now = NOW.getTime() / 1_000;
  expect([read(header), read(claims)]).toEqual([
    { alg: "RS256", typ: "JWT" },
    { iat: now - 60, exp: now + 540, iss: "12345" },
  ]);
  expect(createVerify("RSA-SHA256").update(`${header}.${claims}`).verify(publicKey, signature, "base64url")).toBe(true);
});

test("a failed check of the commit rejects it; a passed one approves it if the gate has no rollout, and otherwise waits for that", async () => {
  const [rollouts, { app }] = [new MemoryRollouts(), aGithub()];
  const stateOf = async () => (await reviewStep(aReview, { rollouts, checks, app, now: NOW })).state;
  checks.say("pass", "Within every margin.");
  expect(await stateOf()).toBe("approved");
  checks.say("inconclusive", "Too few items.");
  expect(await stateOf()).toBe("waiting");
  rollouts.set({ candidate: "other" }, {});
  checks.say("pass", "Within every margin.");
  expect(await stateOf()).toBe("waiting");
  rollouts.set({ candidate: SHA, phase: "promoted", reason: "Promoted." });
  checks.say("fail", "task_success got worse.");
  expect(await stateOf()).toBe("rejected");
});
