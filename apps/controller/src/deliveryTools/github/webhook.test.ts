import { createHmac, generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { MemoryReviews } from "../testing/memoryReviews.ts";
import { openTools } from "../testing/openTools.ts";
import payload from "./__fixtures__/deploymentProtectionRule.json" with { type: "json" };
import type { GithubConfig } from "./githubConfig.ts";
import { isSignedBody } from "./webhookSignature.ts";

const SECRET = "It's a Secret to Everybody";
const DELIVERY = "72d3162e-cc78-11e3-81ab-4c9367dc0958";

const config: GithubConfig = {
  ...{ apiUrl: "https://api.github.com", appId: "1", webhookSecret: SECRET, project: "default" },
  ...{ appKey: generateKeyPairSync("rsa", { modulusLength: 2_048 }).privateKey.export({ type: "pkcs1", format: "pem" }).toString() },
  gates: new Map([["production", "support-agent"]]),
};

const signed = (body: string, secret = SECRET): string => `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

async function openGithub() {
  const reviews = new MemoryReviews();
  const tools = await openTools({ config, reviews });
  const post = async (event: object | string, headers: Record<string, string> = {}) => {
    const body = typeof event === "string" ? event : JSON.stringify(event);
    const answer = await fetch(`${tools.url}/v1/github/webhook`, {
      ...{ method: "POST", body },
      headers: {
        ...{ "content-type": "application/json", "x-github-event": "deployment_protection_rule", "x-github-delivery": DELIVERY },
        ...{ "x-hub-signature-256": signed(body), ...headers },
      },
    });
    return answer.status;
  };
  return { reviews, post, [Symbol.asyncDispose]: () => tools[Symbol.asyncDispose]() };
}

test("GitHub's own example of a signature is accepted, and nothing else is", () => {
  const body = Buffer.from("Hello, World!");
  const example = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
  expect(isSignedBody(body, example, SECRET)).toBe(true);
  expect(isSignedBody(Buffer.from("Hello, World?"), example, SECRET)).toBe(false);
  expect(isSignedBody(body, example, "another")).toBe(false);
  for (const none of [undefined, "", "sha256=", example.slice(7), example.slice(0, -1), example.replace("sha256", "sha1")])
    expect(isSignedBody(body, none, SECRET)).toBe(false);
});

test("a waiting deployment is stored with its gate, once however often it is sent", async () => {
  await using github = await openGithub();
  expect(await github.post(payload)).toBe(202);
  expect(await github.post(payload)).toBe(200);
  expect(await github.post(payload, { "x-github-delivery": "82d3162e-cc78-11e3-81ab-4c9367dc0958" })).toBe(200);
  expect(github.reviews.rows).toMatchObject([
    {
      ...{
        project: "default",
        gate: "support-agent",
        repository: "octo-org/support-agent",
        runId: 9_876_543_210,
        environment: "production",
      },
      ...{ installation: 375_706, sha: "6dcb09b5b57875f334f61aebed695e2e4193db5e", state: "waiting", deliveryId: DELIVERY },
    },
  ]);
});

test("a request not signed with our secret is refused before it is parsed", async () => {
  await using github = await openGithub();
  for (const signature of [signed(JSON.stringify(payload), "guess"), signed("{}"), ""])
    expect(await github.post(payload, { "x-hub-signature-256": signature })).toBe(401);
  expect(await github.post("{", { "x-hub-signature-256": "sha256=00" })).toBe(401);
  expect(github.reviews.rows).toEqual([]);
});

test("an answer goes only to the configured API", async () => {
  await using github = await openGithub();
  const path = "/repos/octo-org/support-agent/actions/runs/9876543210/deployment_protection_rule";
  for (const url of [
    `https://attacker.example${path}`,
    `https://api.github.com@attacker.example${path}`,
    `https://api.github.com/repos/other/repo/actions/runs/1/deployment_protection_rule`,
    `https://api.github.com${path}?x=1`,
    `https://api.github.com/x/..${path}`,
  ])
    expect(await github.post({ ...payload, deployment_callback_url: url })).toBe(400);
  expect(github.reviews.rows).toEqual([]);
});

test("other events are accepted and ignored; malformed ones are refused", async () => {
  await using github = await openGithub();
  expect(await github.post({ zen: "Keep it logically awesome." }, { "x-github-event": "ping" })).toBe(200);
  expect(await github.post({ ...payload, action: "other" })).toBe(400);
  expect(await github.post("{")).toBe(400);
  expect(await github.post(payload, { "x-github-delivery": "1" })).toBe(400);
  expect(await github.post("payload=x", { "content-type": "application/x-www-form-urlencoded" })).toBe(400);
  expect(github.reviews.rows).toEqual([]);
});

test("without an App there is no webhook", async () => {
  await using tools = await openTools();
  expect((await fetch(`${tools.url}/v1/github/webhook`, { method: "POST" })).status).toBe(404);
});
