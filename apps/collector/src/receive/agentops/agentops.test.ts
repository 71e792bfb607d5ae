import { gzipSync } from "node:zlib";
import { pino } from "pino";
import { expect, test } from "vitest";
import { aSpan, attributes, tracesRequest } from "../../testing/builders/otlpBuilders.ts";
import { oneKey } from "../../testing/oneKey.ts";
import { startTestCollector } from "../../testing/testCollector.ts";
import { unreadOf } from "../../testing/unreadOf.ts";
import { untilTrue, untilWritten } from "../../testing/untilTrue.ts";
import { Bodies } from "../bodies/index.ts";
import { unclaimedProjects } from "./index.ts";

const KEY = "11111111-2222-3333-4444-555555555555";
const TRACE_ID = "5b8efff798038103d269b633813fc60c";

const post = (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) });

test("a key is exchanged for a token, which is valid afterwards", async () => {
  await using collector = await startTestCollector({}, undefined, { keySource: oneKey(KEY, "shop") });
  const url = `${collector.url}/v3/auth/token`;
  const exchanged = await post(url, { api_key: KEY });
  const account = { project_id: "shop", project_prem_status: "pro" };
  const grant = (await exchanged.json()) as { token: string };
  expect([exchanged.status, grant]).toEqual([200, { token: expect.any(String), ...account }]);
  const verified = await fetch(url, { headers: { authorization: `Bearer ${grant.token}` } });
  expect([verified.status, await verified.json()]).toEqual([200, account]);
});

test("an unknown key is 403", async () => {
  await using collector = await startTestCollector({}, undefined, { keySource: oneKey(KEY, "shop") });
  const refused = await post(`${collector.url}/v3/auth/token`, { api_key: KEY.replaceAll("1", "9") });
  expect([refused.status, await refused.json()]).toEqual([403, { error: expect.any(String) }]);
});

test("while keys cannot be read, an exchange is told to retry", async () => {
  const keySource = { ...oneKey(KEY, "shop"), listKnownKeys: () => Promise.reject(new Error("the store is away")) };
  await using collector = await startTestCollector({}, undefined, { keySource });
  const url = `${collector.url}/v3/auth/token`;
  for (const refused of [await post(url, { api_key: KEY }), await fetch(url, { headers: { authorization: `Bearer ${KEY}` } })])
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
});

test("an upload that is too large is counted as unread", async () => {
  await using collector = await startTestCollector();
  await post(`${collector.url}/v4/objects/upload/`, { body: "x".repeat(25 * 1024 * 1024) });
  await untilTrue(() => unreadOf(collector).length === 1);
  expect(unreadOf(collector)).toEqual([{ source: "agentops", reason: "too_large" }]);
});

test("a malformed key is 400, a malformed token 401, each with a reason", async () => {
  await using collector = await startTestCollector();
  const url = `${collector.url}/v3/auth/token`;
  for (const body of [{ api_key: "secret" }, { api_key: 5 }, {}, "text"]) {
    const refused = await post(url, body);
    expect([refused.status, await refused.json()]).toEqual([400, { error: expect.any(String) }]);
  }
  for (const headers of [{}, { authorization: "Bearer nonsense" }, { authorization: KEY }] as Record<string, string>[])
    expect((await fetch(url, { headers })).status).toBe(401);
  expect((await post(url, { api_key: "x".repeat(5_000) })).status).toBe(413);
});

test.each([
  ["a decimal number, as the SDK writes it", String(BigInt(`0x${TRACE_ID}`))],
  ["hex", TRACE_ID],
  ["a UUID", "5B8EFFF7-9803-8103-D269-B633813FC60C"],
])("what a trace printed is kept with the trace, whose id is %s", async (_name, traceId) => {
  await using collector = await startTestCollector();
  const answer = await post(`${collector.url}/v4/logs/upload/`, { body: "größe\n" }, { "trace-id": traceId });
  expect([answer.status, await answer.json()]).toEqual([200, { url: `signalbox:traces/${TRACE_ID}`, size: 8 }]);
  await untilTrue(() => collector.stored.length === 1);
  const [logs] = collector.stored;
  expect(logs?.table).toBe("logs");
  expect(logs?.rows[0]).toMatchObject({ trace_id: TRACE_ID, event_name: "agentops.log", body: "größe\n" });
});

test("an object is stored under the URL that its sender gets", async () => {
  await using collector = await startTestCollector();
  const answer = await post(`${collector.url}/v4/objects/upload/`, { body: "data:image/png;base64,AAAA" });
  const { url } = (await answer.json()) as { url: string };
  expect(url).toMatch(/^signalbox:objects\/[0-9a-f]{64}$/);
  await untilTrue(() => collector.stored.length === 1);
  expect(collector.stored[0]?.rows[0]).toMatchObject({ attributes: { "agentops.object.url": url } });
});

test("an upload without a trace, malformed, or too large is refused with the reason, and nothing is kept", async () => {
  await using collector = await startTestCollector();
  const url = `${collector.url}/v4/logs/upload/`;
  const trace = { "trace-id": TRACE_ID };
  for (const [body, headers] of [
    [{ body: "x" }, {}],
    [{ body: "x" }, { "trace-id": "9".repeat(39) }],
    [{ body: 5 }, trace],
    [[], trace],
  ] as [unknown, Record<string, string>][]) {
    const refused = await post(url, body, headers);
    expect([refused.status, await refused.json()]).toEqual([400, { error: expect.any(String) }]);
  }
  expect((await post(url, { body: "x".repeat(25 * 1024 * 1024) }, trace)).status).toBe(413);
  expect(await (await fetch(`${collector.url}/metrics`)).text()).toContain("signalbox_collector_journaled_bytes_total 0");
});

/** A batch about the SDK itself: its resource says which SDK it is. */
const batchOf = (resource: Record<string, string>): string => {
  const { resourceSpans } = tracesRequest([aSpan()]);
  return JSON.stringify({ resourceSpans: resourceSpans.map((spans) => ({ ...spans, resource: { attributes: attributes(resource) } })) });
};
const OWN = { "service.name": "agentops", "agentops.project.id": "temporary" };

test("where keys are required, batches that the SDK sends before it has its token are kept in quarantine", async () => {
  await using collector = await startTestCollector({ isKeyRequired: true }, undefined, { keySource: oneKey(KEY, "shop") });
  const send = (body: string | Buffer, headers: Record<string, string> = {}, path = "/v1/traces") =>
    fetch(`${collector.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: new Uint8Array(Buffer.from(body)),
    });
  expect((await send(batchOf(OWN))).status).toBe(200);
  expect((await send(gzipSync(batchOf(OWN)), { "content-encoding": "gzip" })).status).toBe(200);
  expect((await send(batchOf(OWN), { authorization: `Bearer ${KEY}` })).status).toBe(200);

  expect((await send(batchOf({ "service.name": "shop" }))).status).toBe(401);
  expect((await send(batchOf(OWN), { authorization: `Bearer ${KEY.replaceAll("1", "9")}` })).status).toBe(401);
  expect((await send(batchOf({ ...OWN, filler: "x".repeat(4 * 1024 * 1024) }))).status).toBe(401);
  expect((await send("agentops.project.id", {}, "/v1/logs")).status).toBe(401);
  await untilWritten(collector.url);
  const projects = collector.stored.flatMap(({ rows }) => rows.map(({ project }) => project));
  expect(projects.sort()).toEqual(["quarantine", "quarantine", "shop"]);
});

test("senders without a key fill the quarantine no faster than two batches a second", async () => {
  let nowMs = 0;
  await using bodies = new Bodies(pino({ level: "silent" }));
  const projectOf = unclaimedProjects(() => nowMs, bodies);
  const batch = Buffer.from(batchOf(OWN));
  const taken = async () => {
    const projects = await Promise.all(Array.from({ length: 200 }, () => projectOf(batch, "identity")));
    return projects.filter((project) => project !== null);
  };
  expect(await taken()).toEqual(Array(120).fill("quarantine"));
  nowMs += 1_000;
  expect(await taken()).toHaveLength(2);
});
