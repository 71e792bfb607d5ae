import { once } from "node:events";
import { request } from "node:http";
import { freePortOffset } from "@signalbox/db/embedded";
import { portsAt } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ConsoleProcess, forkConsole, NO_STORES, startConsole } from "./testing/consoleProcess.ts";

// These tests must not need a store.
let app: ConsoleProcess;

beforeAll(async () => {
  app = await startConsole({ ...NO_STORES, portOffset: await freePortOffset() });
});

afterAll(() => app[Symbol.asyncDispose]());

/** Sends a request by hand, since `fetch` may not set Host or Origin. */
async function statusOf(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const call = request({ host: "127.0.0.1", port: app.port, path, method, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    call.on("error", reject);
    call.end(method === "POST" ? "{}" : undefined);
  });
}

const CALL = "/api/trpc/status.ingest";
const PATHS = ["/traces", CALL, "/healthz", "/metrics", "/_next/static/none.js"];

test("a page that uses DNS rebinding reaches nothing", async () => {
  for (const path of PATHS) expect(await statusOf(path, { host: `attacker.example:${app.port}` }), path).toBe(403);
});

test("a page of another site can neither read nor post", async () => {
  for (const path of PATHS) {
    expect(await statusOf(path, { origin: "https://attacker.example" }), path).toBe(403);
    expect(await statusOf(path, { "sec-fetch-site": "cross-site" }), path).toBe(403);
    expect(await statusOf(path, { origin: "https://attacker.example", "content-type": "text/plain" }, "POST"), path).toBe(403);
  }
});

/** The headers that a browser sends when a person follows a link on another site. */
const FOLLOWED = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };

test("a link on another site may lead to a screen, but not to an API", async () => {
  for (const path of ["/traces", "/traces?q=a%2Fb", `/traces/${"0".repeat(32)}`, "/sessions/gr%C3%B6%C3%9Fe%2F1", "/status"])
    expect(await statusOf(path, FOLLOWED), path).toBe(200);
  for (const path of [
    CALL,
    `/%61${CALL.slice(2)}`,
    `//${CALL.slice(1)}`,
    `/sessions/..${CALL}`,
    `/users/..\\${CALL}`,
    "/healthz",
    "/readyz",
    "/metrics",
    "/_next/static/none.js",
  ])
    expect(await statusOf(path, FOLLOWED), path).toBe(403);
  expect(await statusOf("/traces", FOLLOWED, "POST")).toBe(403);
  expect(await statusOf("/traces", { ...FOLLOWED, "sec-fetch-dest": "iframe" })).toBe(403);
  expect(await statusOf("/traces", { ...FOLLOWED, host: `attacker.example:${app.port}` })).toBe(403);
});

test("a page on another port of this machine is another site too", async () => {
  expect(await statusOf(CALL, { origin: "http://localhost:1" }, "POST")).toBe(403);
});

test("the console's own pages, and a person's address bar, are served by either name", async () => {
  expect(await statusOf("/traces", { host: `localhost:${app.port}`, "sec-fetch-site": "none" })).toBe(200);
  expect(await statusOf(CALL, { origin: app.url, "sec-fetch-site": "same-origin" })).toBe(200);
});

test("a URL that cannot be decoded is a not-found page for a person, and an error for a program", async () => {
  for (const path of ["/sessions/%E0%A4%A", "/users/%", "/traces/%zz", "/%C3"]) {
    const page = await fetch(`${app.url}${path}`, { headers: { accept: "text/html,*/*" } });
    expect([path, page.status, await page.text()]).toEqual([path, 404, expect.stringContaining("There is no page here")]);
    expect(await statusOf(path, { ...FOLLOWED, accept: "text/html" }), path).toBe(404);
    const answer = await fetch(`${app.url}${path}`);
    expect([path, answer.status, (await answer.json()).error.code]).toEqual([path, 400, "invalid_input"]);
  }
  expect(await statusOf("/users/%", { ...FOLLOWED, accept: "text/html", host: `attacker.example:${app.port}` })).toBe(403);
  expect(await statusOf("/users/%", { origin: "https://attacker.example", accept: "text/html" })).toBe(403);
});

test("alive is not ready: without its store the console says so", async () => {
  expect(await statusOf("/healthz")).toBe(200);
  expect(await statusOf("/readyz")).toBe(503);
});

test("a call that cannot reach the store returns our error code and no internals", async () => {
  const input = encodeURIComponent(JSON.stringify({ json: { project: "default" } }));
  const answer = await fetch(`${app.url}/api/trpc/status.stored?input=${input}`);
  expect(answer.status).toBe(503);
  const text = await answer.text();
  expect(JSON.parse(text).error.json.data.failure).toMatchObject({ code: "upstream_unavailable" });
  expect(text).not.toMatch(/ECONNREFUSED|SELECT|node_modules/);
});

test("a body over the limit is refused before it is read, and so is one that does not tell its length", async () => {
  expect(await statusOf(CALL, { "content-length": String(64 * 1024 * 1024), "content-type": "application/json" }, "PUT")).toBe(413);
  expect(await statusOf(CALL, { "transfer-encoding": "chunked", "content-type": "application/json" }, "POST")).toBe(400);
});

test("refused input names the field", async () => {
  const input = encodeURIComponent(JSON.stringify({ json: { traceId: "x" } }));
  const answer = await fetch(`${app.url}/api/trpc/traces.get?input=${input}`);
  expect(answer.status).toBe(400);
  expect((await answer.json()).error.json).toMatchObject({ message: "traceId: a trace id is 32 hex digits" });
});

test("served requests are in the metrics", async () => {
  await statusOf("/traces");
  const metrics = await (await fetch(`${app.url}/metrics`)).text();
  expect(metrics).toContain('signalbox_console_request_seconds_count{route="page",status="200"}');
});

test("a taken port ends a second console with one sentence and code 4", async () => {
  const second = forkConsole({ ...NO_STORES, portOffset: app.port - portsAt(0).console });
  expect(await second.exitCode).toBe(4);
  expect(second.words()).toContain(`Port ${app.port} is taken`);
  expect(second.words()).not.toContain("    at ");
});

test("the console ends by itself when its parent process is gone", async () => {
  const orphan = await startConsole({ ...NO_STORES, portOffset: await freePortOffset() });
  const exited = once(orphan.child, "exit");
  const left = performance.now();
  orphan.child.disconnect();
  await exited;
  expect(performance.now() - left).toBeLessThan(5_000);
});
