import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { AppError } from "@signalbox/model";
import { pino } from "pino";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { z } from "zod";
import { type ListenerOptions, openListener } from "./listener.ts";
import { parseBody } from "./parseBody.ts";

const CONSOLE_PORT = 3999;

async function openEcho(
  isReady = async () => true,
  { address, drainMs, isPortShared }: Pick<ListenerOptions, "address" | "drainMs" | "isPortShared"> = {},
) {
  const listener = await openListener({
    port: 0,
    address,
    ...(drainMs === undefined ? {} : { drainMs }),
    ...(isPortShared === undefined ? {} : { isPortShared }),
    originPorts: [CONSOLE_PORT],
    bodyMaxBytes: 1_000,
    log: pino({ level: "silent" }),
    metrics: new Registry(),
    isReady,
    routes: (app) => {
      app.post("/echo", async ({ body }) => parseBody(z.strictObject({ word: z.string() }), body));
      app.get("/full", async () => {
        throw new AppError("overloaded", "Too much.", { retryAfterMs: 1_001 });
      });
      app.get("/locked", async () => {
        throw new AppError("unauthenticated", "Who are you?");
      });
      app.get("/defect", async () => {
        throw new Error("the password is hunter2");
      });
    },
  });
  return { ...listener, [Symbol.asyncDispose]: listener.close };
}

/** Sends requests without `fetch`, which cannot set Host. */
async function statusOf(port: number, headers: Record<string, string>, path = "/healthz"): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, path, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

test("a program on this machine and a page of the console are answered", async () => {
  await using listener = await openEcho();
  expect(await statusOf(listener.port, {})).toBe(200);
  expect(await statusOf(listener.port, { origin: `http://localhost:${CONSOLE_PORT}`, "sec-fetch-site": "cross-site" })).toBe(200);
});

test("a page behind a name that was re-bound to this machine is refused, on every path", async () => {
  await using listener = await openEcho();
  for (const path of ["/healthz", "/metrics", "/nowhere", "/%zz"])
    expect(await statusOf(listener.port, { host: `attacker.example:${listener.port}` }, path)).toBe(403);
});

test("a request that another site's page sends is refused, with or without an Origin", async () => {
  await using listener = await openEcho();
  expect(await statusOf(listener.port, { origin: "https://attacker.example" })).toBe(403);
  expect(await statusOf(listener.port, { "sec-fetch-site": "cross-site" })).toBe(403);
  expect(await statusOf(listener.port, { origin: "http://localhost:9" })).toBe(403);
});

test("a listener that is not on loopback answers under any name, and still no page of another site", async () => {
  await using listener = await openEcho(async () => true, { address: "0.0.0.0" });
  expect(await statusOf(listener.port, { host: "signalbox-language.agents.svc:4610" })).toBe(200);
  expect(await statusOf(listener.port, { host: "signalbox-language", origin: "https://attacker.example" })).toBe(403);
  expect(await statusOf(listener.port, { host: "signalbox-language", "sec-fetch-site": "cross-site" })).toBe(403);
});

test("what comes over an open connection while the listener drains is answered, told that the connection ends, and told that it is not ready", async () => {
  const listener = await openEcho(undefined, { drainMs: 2_000 });
  const socket = connect(listener.port, "127.0.0.1").setEncoding("utf8");
  const ask = (path: string): unknown => socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${listener.port}\r\n\r\n`);
  ask("/healthz");
  expect(String(await once(socket, "data"))).toMatch(/^HTTP\/1.1 200 OK.*connection: keep-alive/is);
  const closed = listener.close();
  ask("/readyz");
  expect(await text(socket)).toMatch(/^HTTP\/1.1 503 .*connection: close.*"ready":false/is);
  await closed;
});

/** Whether something accepts connections on a port. */
const isTaken = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });

test("who leaves a shared port answers once more over each connection that is open, and ends it then", async () => {
  const listener = await openEcho(undefined, { isPortShared: true });
  const socket = connect(listener.port, "127.0.0.1").setEncoding("utf8");
  const ask = (): unknown => socket.write(`GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:${listener.port}\r\n\r\n`);
  ask();
  expect(String(await once(socket, "data"))).toMatch(/^HTTP\/1.1 200 OK.*connection: keep-alive/is);
  const closed = listener.close();
  while (await isTaken(listener.port));
  ask();
  expect(await text(socket)).toMatch(/^HTTP\/1.1 200 OK.*connection: close/is);
  await closed;
});

test.each([
  ["no JSON", "{", { "content-type": "application/json" }, 400, "invalid_input"],
  ["an unknown field", '{"word":"a","extra":1}', { "content-type": "application/json" }, 400, "invalid_input"],
  ["another media type", "word", { "content-type": "text/plain" }, 400, "invalid_input"],
  ["too much", JSON.stringify({ word: "a".repeat(2_000) }), { "content-type": "application/json" }, 413, "too_large"],
])("a body that is %s is refused with a code", async (_name, body, headers, status, code) => {
  await using listener = await openEcho();
  const answer = await fetch(`${listener.url}/echo`, { method: "POST", body, headers });
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ error: { code, message: expect.any(String) } });
});

test("a URL that cannot be read is refused with a code like anything else", async () => {
  await using listener = await openEcho();
  const answer = await fetch(`${listener.url}/%zz`);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toEqual({ error: { code: "invalid_input", message: "'/%zz' is not a valid url component" } });
});

test("a defect of ours says nothing of our insides", async () => {
  await using listener = await openEcho();
  const answer = await fetch(`${listener.url}/defect`);
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain("hunter2");
});

test("a refusal says when to come back, in whole seconds that are not too few, and how to say who one is", async () => {
  await using listener = await openEcho();
  const full = await fetch(`${listener.url}/full`);
  expect([full.status, full.headers.get("retry-after")]).toEqual([429, "2"]);
  const locked = await fetch(`${listener.url}/locked`);
  expect([locked.status, locked.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="signalbox"']);
});

test("readiness follows the work, health does not", async () => {
  await using listener = await openEcho(async () => false);
  expect(await statusOf(listener.port, {}, "/readyz")).toBe(503);
  expect(await statusOf(listener.port, {}, "/healthz")).toBe(200);
});

test("a port that is taken is one clear sentence", async () => {
  await using first = await openEcho();
  const second = openListener({
    port: first.port,
    bodyMaxBytes: 1,
    log: pino({ level: "silent" }),
    metrics: new Registry(),
    isReady: async () => true,
  });
  await expect(second).rejects.toThrow(
    expect.objectContaining({ code: "infrastructure", message: `Port ${first.port} is taken by another program.` }),
  );
});
