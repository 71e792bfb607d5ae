import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { Writable } from "node:stream";
import {
  createApiKey,
  createPrisma,
  createProject,
  listApiKeys,
  listKnownKeys,
  type PrismaClient,
  revokeApiKey,
  touchApiKeys,
} from "@signalbox/db/prisma";
import type { KeySource } from "@signalbox/listener";
import { NewApiKey, NewProject, newKeyCredentials } from "@signalbox/model";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aSpan, tracesRequest } from "../testing/builders/otlpBuilders.ts";
import { tracesProtobuf } from "../testing/builders/otlpProtobufBuilder.ts";
import { startTestCollector } from "../testing/testCollector.ts";
import { startTestStore, type TestStore } from "../testing/testStore.ts";
import { untilTrue } from "../testing/untilTrue.ts";

let stores: TestStore;
let prisma: PrismaClient & AsyncDisposable;

beforeAll(async () => {
  stores = await startTestStore({ withState: true });
  prisma = createPrisma(stores.databaseUrl);
  await createProject(prisma, NewProject.parse({ name: "shop" }), new Date());
});
afterAll(async () => {
  await prisma?.$disconnect();
  await stores?.[Symbol.asyncDispose]();
});

const sourceOf = (client: PrismaClient): KeySource => ({
  listKnownKeys: () => listKnownKeys(client),
  touchApiKeys: (ids, usedAt) => touchApiKeys(client, ids, usedAt),
});

let keys = 0;
/** A newly created key of project `shop`. */
async function aKey(given: Partial<NewApiKey> = {}) {
  keys += 1;
  const { key, credentials } = await createApiKey(prisma, NewApiKey.parse({ project: "shop", name: `key ${keys}`, ...given }), new Date());
  return { id: key.id, ...credentials, bearer: { authorization: `Bearer ${credentials.secret}` } };
}

const startCollector = (isKeyRequired = false) => startTestCollector({ isKeyRequired }, undefined, { keySource: sourceOf(prisma) });

const basic = (user: string | null, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
});

function send(collector: { url: string }, headers: Record<string, string> = {}): Promise<Response> {
  const body = JSON.stringify(tracesRequest([aSpan()]));
  return fetch(`${collector.url}/v1/traces`, { method: "POST", body, headers: { "content-type": "application/json", ...headers } });
}

test("data sent with a key belongs to the key's project, however the key is sent; data without one to project default", async () => {
  await using collector = await startTestCollector({}, stores.insert, { keySource: sourceOf(prisma) });
  const [token, pair, uuid] = [await aKey(), await aKey({ kind: "pair" }), await aKey({ kind: "uuid" })];
  for (const headers of [token.bearer, { "x-api-key": token.secret }, basic(pair.publicKey, pair.secret), uuid.bearer])
    expect((await send(collector, headers)).status).toBe(200);
  expect((await send(collector, { "x-langfuse-public-key": "sbx_pub_x" })).status).toBe(200);
  await untilTrue(async () => (await stores.number("SELECT count() FROM spans")) === 5);
  expect(await stores.rows("SELECT project, toUInt32(count()) AS spans FROM spans GROUP BY project ORDER BY project")).toEqual([
    { project: "default", spans: 1 },
    { project: "shop", spans: 4 },
  ]);
});

test("a wrong key is 401 in the encoding of the request, and nothing of it is kept", async () => {
  await using collector = await startCollector();
  const [pair, token, expired] = [await aKey({ kind: "pair" }), await aKey(), await aKey({ expiresAt: "2026-01-01T00:00:00.000Z" })];
  const wrong = [
    expired.bearer,
    { authorization: `Bearer ${newKeyCredentials("token").secret}` },
    { "x-api-key": newKeyCredentials("uuid").secret },
    { authorization: `Bearer ${token.secret.slice(0, -1)}` },
    basic("sbx_pub_another", pair.secret),
    basic(pair.publicKey, token.secret),
    basic("anybody", token.secret),
    { authorization: "Bearer" },
  ];
  for (const headers of wrong) {
    const answer = await send(collector, headers);
    expect([answer.status, await answer.json()], JSON.stringify(headers)).toEqual([401, { code: 16, message: expect.any(String) }]);
    expect(answer.headers.get("www-authenticate")).toContain("Bearer");
  }
  const headers = { "content-type": "application/x-protobuf", authorization: "Bearer sbx_wrong" };
  const inProtobuf = await fetch(`${collector.url}/v1/traces`, {
    method: "POST",
    body: new Uint8Array(tracesProtobuf([aSpan()])),
    headers,
  });
  expect([inProtobuf.status, inProtobuf.headers.get("content-type")]).toEqual([401, "application/x-protobuf"]);
  expect([...(await inProtobuf.bytes()).subarray(0, 2)]).toEqual([8, 16]);
  expect(await (await fetch(`${collector.url}/metrics`)).text()).toContain("signalbox_collector_journaled_bytes_total 0");
});

test("a key without the scope is 403; an admin's key may send", async () => {
  await using collector = await startCollector();
  const refused = await send(collector, (await aKey({ scopes: ["read", "gate"] })).bearer);
  expect([refused.status, await refused.json()]).toEqual([403, { code: 7, message: 'this key does not allow "ingest"' }]);
  expect((await send(collector, (await aKey({ scopes: ["admin"] })).bearer)).status).toBe(200);
});

test("over a key's rate is 429 with a retry time; other keys are not affected", async () => {
  await using collector = await startCollector();
  const [slow, other] = [await aKey({ requestsPerMinuteMax: 2 }), await aKey()];
  expect([(await send(collector, slow.bearer)).status, (await send(collector, slow.bearer)).status]).toEqual([200, 200]);
  const refused = await send(collector, slow.bearer);
  expect([refused.status, await refused.json()]).toEqual([429, { code: 8, message: "this key allows 2 requests a minute" }]);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(Number(refused.headers.get("retry-after"))).toBeLessThanOrEqual(30);
  expect((await send(collector, other.bearer)).status).toBe(200);
});

test("a key works as soon as it is created, and no longer once it is revoked", async () => {
  await using collector = await startCollector();
  expect((await send(collector, { authorization: "Bearer sbx_unknown" })).status).toBe(401);
  const key = await aKey();
  expect((await send(collector, key.bearer)).status).toBe(200);
  await revokeApiKey(prisma, key.id, new Date());
  await untilTrue(async () => (await send(collector, key.bearer)).status === 401);
});

test("another product's key counts as none: it opens project default where no key is required, and nothing otherwise", async () => {
  const foreign = [{ "x-api-key": "lsv2_pt_0123" }, { authorization: "Bearer sk-lf-0123" }, basic("pk-lf-1", "sk-lf-1")];
  await using open = await startCollector();
  await using locked = await startCollector(true);
  for (const headers of foreign) {
    expect((await send(open, headers)).status).toBe(200);
    expect((await send(locked, headers)).status).toBe(401);
  }
  await untilTrue(() => open.stored.flatMap(({ rows }) => rows).length === foreign.length);
  expect(new Set(open.stored.flatMap(({ rows }) => rows.map(({ project }) => project)))).toEqual(new Set(["default"]));
});

test("where a key is required, requests without one are refused", async () => {
  await using collector = await startCollector(true);
  const refused = await send(collector);
  expect([refused.status, await refused.json()]).toEqual([401, { code: 16, message: expect.stringContaining("a key is needed") }]);
  expect((await send(collector, (await aKey()).bearer)).status).toBe(200);
});

test("a collector without keys refuses requests with one, rather than store them in the wrong project", async () => {
  await using collector = await startTestCollector();
  expect((await send(collector, (await aKey()).bearer)).status).toBe(401);
  expect((await send(collector)).status).toBe(200);
});

test("the last use of a key is recorded in the state store", async () => {
  await using collector = await startCollector();
  const key = await aKey();
  await send(collector, key.bearer);
  await untilTrue(async () => {
    const listed = (await listApiKeys(prisma, "shop", 100)).find(({ id }) => id === key.id);
    return listed !== undefined && listed.lastUsedAt !== null;
  });
});

/** A proxy to the state store that can be cut. */
async function aCable(databaseUrl: string) {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((socket) => {
    if (isCut) return socket.destroy();
    const onward = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(from);
      from.on("error", () => {}).on("close", () => to.destroy());
      from.pipe(to);
    }
    return undefined;
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    cut(): void {
      isCut = true;
      for (const socket of sockets) socket.destroy();
      sockets.clear();
    },
    mend(): void {
      isCut = false;
    },
    async [Symbol.asyncDispose]() {
      this.cut();
      server.close();
      await once(server, "close");
    },
  };
}

test("while the state store is away known keys still work; an unknown one is told to retry, and works once it is back", async () => {
  await using cable = await aCable(stores.databaseUrl);
  await using client = createPrisma(cable.url, { connectionsMax: 1, answerMsMax: 2_000 });
  await using collector = await startTestCollector({}, undefined, { keySource: sourceOf(client) });
  const known = await aKey();
  expect((await send(collector, known.bearer)).status).toBe(200);

  cable.cut();
  const late = await aKey();
  const refused = await send(collector, late.bearer);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
  for (let round = 0; round < 20; round += 1) expect((await send(collector, known.bearer)).status).toBe(200);
  expect((await send(collector)).status).toBe(200);

  cable.mend();
  await untilTrue(async () => (await send(collector, late.bearer)).status === 200);
});

test("many requests with unknown keys share one query of the state store", async () => {
  let asked = 0;
  const source = sourceOf(prisma);
  const counting: KeySource = {
    ...source,
    listKnownKeys: () => {
      asked += 1;
      return source.listKnownKeys();
    },
  };
  await using collector = await startTestCollector({}, undefined, { keySource: counting });
  const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => send(collector, { authorization: `Bearer sbx_${index}` })));
  expect(answers.every(({ status }) => status === 401)).toBe(true);
  expect(asked).toBeLessThan(10);
});

test("no secret is in a log, an answer, a metric, or what is stored", async () => {
  let log = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      log += chunk;
      done();
    },
  });
  await using cable = await aCable(stores.databaseUrl);
  await using client = createPrisma(cable.url, { connectionsMax: 1, answerMsMax: 2_000 });
  await using collector = await startTestCollector({}, stores.insert, {
    keySource: sourceOf(client),
    log: pino({ level: "trace" }, stream),
  });
  const [token, pair, uuid] = [await aKey({ requestsPerMinuteMax: 1 }), await aKey({ kind: "pair" }), await aKey({ kind: "uuid" })];
  const stranger = newKeyCredentials("token");
  const shown = [
    token.bearer,
    token.bearer,
    basic(pair.publicKey, pair.secret),
    basic("x", pair.secret),
    { "x-api-key": uuid.secret },
    { authorization: `Bearer ${stranger.secret}` },
    { authorization: stranger.secret },
    { authorization: `Digest ${token.secret}` },
  ];
  const before = await stores.number("SELECT count() FROM spans");
  let answers = "";
  for (const headers of shown) {
    const answer = await send(collector, headers);
    answers += JSON.stringify([...answer.headers]) + (await answer.text());
  }
  await untilTrue(async () => (await stores.number("SELECT count() FROM spans")) === before + 3);
  cable.cut();
  await send(collector, { authorization: `Bearer ${stranger.secret}` });
  await untilTrue(() => log.includes("keys cannot be read"));

  const metrics = await (await fetch(`${collector.url}/metrics`)).text();
  const said = [log, answers, metrics, JSON.stringify(await stores.rows("SELECT * FROM spans"))].join("\n");
  const secrets = [token, pair, uuid, stranger].map(({ secret }) => secret);
  const credentials = shown.flatMap((headers) => Object.values<string>(headers));
  for (const secret of [...secrets, ...credentials, new URL(stores.databaseUrl).password]) {
    expect(secret.length).toBeGreaterThan(10);
    expect(said).not.toContain(secret);
  }
});
