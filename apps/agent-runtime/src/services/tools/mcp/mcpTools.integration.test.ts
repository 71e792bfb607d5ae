import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { createPrisma, type PrismaClient } from "@signalbox/db/prisma";
import { newId, type ToolCallRequest } from "@signalbox/model";
import { pino } from "pino";
import { Registry } from "prom-client";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { BANKING } from "../../../domains/banking/banking.ts";
import { DEMO_WORLD } from "../../../domains/banking/world/demoWorld.ts";
import { until } from "../../../testing/testRuntime.ts";
import { openToolService } from "../toolService.ts";
import type { McpServer, ToolSettings } from "../toolSettings.ts";
import { openHttpWeather } from "./__fixtures__/openHttpWeather.ts";
import { openMcpTools } from "./mcpTools.ts";

const LOG = pino({ level: "silent" });
const WEATHER_SERVER = fileURLToPath(new URL("__fixtures__/weatherServer.ts", import.meta.url));
const SHOP_SERVER = fileURLToPath(new URL("__fixtures__/shopServer.ts", import.meta.url));
const TOOLS = ["forecast", "order.umbrella", "order_and_die", "look_and_die", "hang", "refuse", "archive", "gone"];
const USUAL = { concurrencyMax: 4, timeoutMs: 60_000 };

let stores: TestStores;
let prisma: PrismaClient;
let folder: string;
/** The file in which a test's orders are written. */
let orders: string;

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  prisma = createPrisma(stores.databaseUrl);
  await BANKING.openDemo().load(prisma);
  folder = mkdtempSync(join(tmpdir(), "signalbox-mcp-"));
});
afterAll(async () => {
  await prisma?.$disconnect();
  await stores?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  orders = join(folder, newId());
});

function ordered(): string[] {
  try {
    return readFileSync(orders, "utf8").trim().split("\n");
  } catch {
    return [];
  }
}

const overStdio = (): McpServer => ({ command: process.execPath, args: [WEATHER_SERVER, orders], env: {}, tools: { banking: TOOLS } });
const shop = (): McpServer => ({ ...overStdio(), args: [SHOP_SERVER, orders], tools: { banking: ["buy", "odd", "fail"] } });
const at = (url: string): McpServer => ({ url, headers: { authorization: "Bearer rain" }, tools: { banking: TOOLS } });

/** A tool service with the weather server; disposing it ends both. */
function openService(weather: McpServer, tools: ToolSettings["tools"][string] = {}, callsMax = 6) {
  const settings = { mcpServers: { weather }, tools: { banking: tools } };
  const metrics = new Registry();
  const outside = openMcpTools(prisma, settings, { log: LOG, metrics, callsMax, backOff: { firstMs: 20, msMax: 100 } });
  return { metrics, service: openToolService(prisma, { settings, outside }), [Symbol.asyncDispose]: () => outside.close() };
}

const newScene = () => ({ domain: "banking", world: DEMO_WORLD, overlay: newId() });
const aCall = (name: string, given: Record<string, unknown> = { city: "Oslo" }): ToolCallRequest => ({
  scene: newScene(),
  idempotencyKey: "1",
  call: { name: `weather.${name}`, arguments: given },
  agentVersion: "1",
});

test("a server's tools are listed by its name beside the domain's own, where the settings allow them", async () => {
  await using opened = openService({ ...overStdio(), tools: { banking: ["forecast"] } });
  const tools = await opened.service.list({ domain: "banking" });
  expect(tools.filter(({ name }) => name.startsWith("weather."))).toEqual([
    {
      name: "weather.forecast",
      description: "Tells the weather of a city.",
      endsEpisode: false,
      parameters: expect.objectContaining({ type: "object", properties: { city: { type: "string", minLength: 2 } }, required: ["city"] }),
    },
  ]);
  expect(tools.map(({ name }) => name)).toContain("freeze_card");
  expect((await opened.service.list({ domain: "airline" })).some(({ name }) => name.includes("."))).toBe(false);
  expect(await opened.service.call(aCall("order.umbrella"))).toMatchObject({ isError: true, output: expect.stringContaining("no tool") });
});

test("over standard streams: a call returns the server's answer, and the same key has no second effect", async () => {
  await using opened = openService(overStdio(), { "weather.order.umbrella": USUAL });
  const request = aCall("order.umbrella");
  const answer = { output: "An umbrella is on its way to Oslo.", isError: false, endsEpisode: false };
  const answers = await Promise.all([1, 2, 3].map(() => opened.service.call(request)));
  expect(answers.map(({ replayed, ...rest }) => rest)).toEqual([answer, answer, answer]);
  expect(await opened.service.call(request)).toEqual({ ...answer, replayed: true });
  expect(ordered()).toEqual(["Oslo"]);
  await expect(opened.service.call({ ...aCall("forecast"), scene: request.scene })).rejects.toMatchObject({ code: "conflict" });
});

test("over HTTP: a call sends the configured headers and returns the server's answer", async () => {
  await using weather = await openHttpWeather(orders);
  await using opened = openService(at(weather.url));
  expect(await opened.service.call(aCall("forecast"))).toMatchObject({ output: "Sun over Oslo.", isError: false });
  expect(weather.seen.authorization).toBe("Bearer rain");
});

test.each([429, 401, 503])("one request that is answered %i does not disturb the other calls in flight", async (status) => {
  await using weather = await openHttpWeather(orders);
  await using opened = openService(at(weather.url), { "weather.hang": { ...USUAL, timeoutMs: 1_500 } });
  const hanging = opened.service.call(aCall("hang"));
  await until("the call", async () => ordered().length > 0);
  weather.refuseNext(status);
  await expect(opened.service.call(aCall("forecast"))).rejects.toMatchObject({ code: "upstream_unavailable" });
  expect(await opened.service.call(aCall("forecast"))).toMatchObject({ output: "Sun over Oslo." });
  expect(await hanging).toMatchObject({ output: expect.stringContaining("did not answer within") });
});

test.each([404, 400])("a session that is gone (%i) is opened again", async (status) => {
  await using weather = await openHttpWeather(orders);
  await using opened = openService(at(weather.url));
  await opened.service.call(aCall("forecast"));
  const sessions = weather.sessionsOpened();
  weather.refuseNext(status);
  await expect(opened.service.call(aCall("order.umbrella"))).rejects.toMatchObject({ code: "upstream_unavailable" });
  await until("the server", () => opened.service.call(aCall("order.umbrella")).catch(() => null));
  expect(weather.sessionsOpened()).toBe(sessions + 1);
  expect(ordered()).toEqual(["Oslo"]);
});

test("a server at an address that restarts is connected again", async () => {
  await using second = new AsyncDisposableStack();
  const first = await openHttpWeather(orders);
  await using opened = openService(at(first.url));
  await opened.service.call(aCall("forecast"));
  await first[Symbol.asyncDispose]();
  await expect(opened.service.call(aCall("order.umbrella"))).rejects.toMatchObject({ code: "upstream_unavailable" });
  expect(ordered()).toEqual([]);

  second.use(await openHttpWeather(orders, first.port));
  const request = aCall("order.umbrella");
  await until("the server", () => opened.service.call(request).catch(() => null));
  expect(ordered()).toEqual(["Oslo"]);
});

test("a program that dies is started again", async () => {
  await using opened = openService(overStdio());
  await opened.service.list({ domain: "banking" });
  expect(await opened.metrics.metrics()).toContain('signalbox_mcp_server_connected{server="weather"} 1');
  await opened.service.call(aCall("order_and_die"));
  expect(await until("the server", () => opened.service.call(aCall("forecast")).catch(() => null))).toMatchObject({
    output: "Sun over Oslo.",
  });
});

test("a call whose server died of it may or may not have been made: the answer says so for good, and it is not repeated", async () => {
  await using opened = openService(overStdio());
  const request = aCall("order_and_die");
  const answer = await opened.service.call(request);
  expect(answer).toMatchObject({ isError: true, output: expect.stringMatching(/^Error: .*nobody knows/i) });
  expect(await opened.service.call(request)).toEqual({ ...answer, replayed: true });
  expect(ordered()).toEqual(["Oslo"]);
});

test("a repeatable call is made again when its server died of it", async () => {
  await using opened = openService(overStdio());
  const request = aCall("look_and_die");
  await expect(opened.service.call(request)).rejects.toMatchObject({ code: "upstream_unavailable" });
  // A call while the server starts is refused, too, and not made.
  await until("the second call", async () => {
    await expect(opened.service.call(request)).rejects.toMatchObject({ code: "upstream_unavailable" });
    return ordered().length === 2;
  });
  expect(ordered()).toEqual(["Oslo", "Oslo"]);
});

test.each([
  ["order.umbrella", { output: expect.stringMatching(/nobody knows/i), isError: true, replayed: false }, []],
  ["forecast", { output: "Sun over Oslo.", isError: false, replayed: false }, []],
])("of a call that a dead process of ours had begun, %s does what its server allows", async (name, expected, effects) => {
  await using opened = openService(overStdio());
  const request = aCall(name);
  const { scene, idempotencyKey, call } = request;
  await prisma.toolEffect.create({ data: { ...scene, idempotencyKey, call: { name: call.name, arguments: { city: "Oslo" } } } });
  expect(await opened.service.call(request)).toMatchObject(expected);
  expect(await opened.service.call(request)).toMatchObject({ ...expected, replayed: true });
  expect(ordered()).toEqual(effects);
});

test("while a server is away, nothing is decided about a call that was begun", async () => {
  const request = aCall("order.umbrella");
  const { scene, idempotencyKey, call } = request;
  await prisma.toolEffect.create({ data: { ...scene, idempotencyKey, call: { name: call.name, arguments: { city: "Oslo" } } } });
  {
    await using away = openService({ ...overStdio(), command: "/nowhere/weather" });
    await expect(away.service.call(request)).rejects.toMatchObject({ code: "upstream_unavailable" });
  }
  await using opened = openService(overStdio());
  expect(await opened.service.call(request)).toMatchObject({ output: expect.stringMatching(/nobody knows/i), isError: true });
  expect(ordered()).toEqual([]);
});

test("a tool that hangs gets a clear error, and is not called again with the same key", async () => {
  await using opened = openService(overStdio(), { "weather.hang": { ...USUAL, timeoutMs: 300 } });
  const request = aCall("hang");
  const answer = await opened.service.call(request);
  expect(answer).toMatchObject({ isError: true, output: expect.stringContaining("weather.hang did not answer within 300 ms") });
  expect(await opened.service.call(request)).toEqual({ ...answer, replayed: true });
  await until("the call", async () => ordered().length > 0);
  expect(ordered()).toEqual(["Oslo"]);
});

test("a limited number of calls run, of all tools together, and the next one waits", async () => {
  await using opened = openService(overStdio(), { "weather.hang": { ...USUAL, timeoutMs: 1_500 } }, 1);
  const hanging = opened.service.call(aCall("hang"));
  await until("the call", async () => ordered().length > 0);
  const ordering = opened.service.call(aCall("order.umbrella", { city: "Bergen" }));
  expect(await Promise.race([hanging, ordering])).toMatchObject({ isError: true, output: expect.stringContaining("weather.hang") });
  expect(await ordering).toMatchObject({ isError: false });
  expect(ordered()).toEqual(["Oslo", "Bergen"]);
});

test("a result that is too long is cut, and says so", async () => {
  await using opened = openService(overStdio());
  const { output } = await opened.service.call(aCall("archive", {}));
  expect(output).toMatch(/^rain rain .*\n\[cut: the other 68000 of 100000 characters are left out\]$/s);
});

test("a server's error that is too long is cut like a result", async () => {
  await using opened = openService(shop());
  const { output, isError } = await opened.service.call(aCall("fail", {}));
  expect(isError).toBe(true);
  expect(output).toMatch(/^Error: .*hail hail .*characters are left out\]$/s);
  expect(output.length).toBeLessThan(33_000);
});

test("a result that does not fit its output schema is passed on as it is: the call was made", async () => {
  await using opened = openService(shop());
  expect(await opened.service.call(aCall("buy", {}))).toMatchObject({ output: "Bought.", isError: false });
  expect(ordered()).toEqual(["buy"]);
});

test("a server's refusal is an answer, and so are wrong arguments and an unknown tool", async () => {
  await using opened = openService(overStdio());
  expect(await opened.service.call(aCall("refuse", {}))).toMatchObject({ output: "No storm is on sale.", isError: true });
  const odd = await opened.service.call(aCall("order.umbrella", { city: 7 }));
  expect(odd).toMatchObject({ isError: true, output: expect.stringContaining("city") });
  expect(ordered()).toEqual([]);
  expect(await opened.service.call(aCall("gone", {}))).toMatchObject({ isError: true, output: expect.stringContaining("no tool gone") });
});

test.each(["constructor.x", "__proto__.x", "toString.call"])("a made-up tool %s is answered like any unknown one", async (name) => {
  await using opened = openService(at("http://127.0.0.1:9/mcp"));
  const answer = await opened.service.call({ ...aCall("forecast"), call: { name, arguments: {} } });
  expect(answer).toMatchObject({ isError: true, output: expect.stringContaining("no tool") });
});

test("an agent version that is not allowed to call a tool is refused", async () => {
  await using opened = openService(overStdio(), { "weather.order.umbrella": { ...USUAL, agentVersions: ["2"] } });
  expect(await opened.service.call(aCall("order.umbrella"))).toMatchObject({ isError: true, output: expect.stringContaining("version 1") });
  expect(ordered()).toEqual([]);
  expect(await opened.service.call({ ...aCall("order.umbrella"), agentVersion: "2" })).toMatchObject({ isError: false });
});

test("the expected actions of a task never reach a server", async () => {
  await using opened = openService(overStdio());
  const { agentVersion: _, ...request } = aCall("order.umbrella");
  await expect(opened.service.call(request)).rejects.toMatchObject({ code: "forbidden" });
  expect(ordered()).toEqual([]);
});

test("a server that cannot be started does not affect the rest", async () => {
  await using opened = openService({ ...overStdio(), command: "/nowhere/weather" });
  expect((await opened.service.list({ domain: "banking" })).map(({ name }) => name)).toContain("freeze_card");
  await expect(opened.service.call(aCall("forecast"))).rejects.toMatchObject({ code: "upstream_unavailable" });
  expect(await opened.metrics.metrics()).toContain('signalbox_mcp_server_connected{server="weather"} 0');
});

test("settings that name an unknown domain are refused", () => {
  const mcpServers = { weather: { ...overStdio(), tools: { railway: ["forecast"] } } };
  expect(() => openMcpTools(prisma, { mcpServers }, { log: LOG, metrics: new Registry(), callsMax: 6 })).toThrow(
    expect.objectContaining({ code: "invalid_input" }),
  );
});
