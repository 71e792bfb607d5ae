import { expect, test } from "vitest";
import { loadConfig } from "./config.ts";

const DATABASE_URL = "postgresql://u:p@127.0.0.1:5432/signalbox";

test("all ports move together, and the queue is on PostgreSQL unless there is a Redis", () => {
  const config = loadConfig({ DATABASE_URL, SIGNALBOX_PORT_OFFSET: "100" });
  expect(config.ports).toEqual({ gateway: 4600, worker: 4601, console: 3100 });
  expect(config.otlpUrl).toBe("http://127.0.0.1:4418");
  expect(config.queueStore).toEqual({ databaseUrl: DATABASE_URL });
  expect(loadConfig({ DATABASE_URL, REDIS_URL: "redis://127.0.0.1:6379" }).queueStore).toEqual({ redisUrl: "redis://127.0.0.1:6379" });
});

test("parts are named, and an empty variable counts as unset", () => {
  expect([...loadConfig({ DATABASE_URL, SIGNALBOX_RUNTIME_PARTS: "tools, memory", SIGNALBOX_TOOLS_URL: "" }).parts]).toEqual([
    "tools",
    "memory",
  ]);
});

test("a fault is planted only if one is named, and a slow planner needs a pace to be slower than", () => {
  expect(loadConfig({ DATABASE_URL }).planted).toBeNull();
  expect(loadConfig({ DATABASE_URL, SIGNALBOX_PLANTED_FAULT: "slow", SIGNALBOX_PLAN_MS: "250" }).planted).toEqual({
    fault: "slow",
    planMs: 250,
  });
  expect(() => loadConfig({ DATABASE_URL, SIGNALBOX_PLANTED_FAULT: "slow" })).toThrow(/SIGNALBOX_PLAN_MS/);
  expect(() => loadConfig({ DATABASE_URL, SIGNALBOX_PLANTED_FAULT: "everything" })).toThrow(/SIGNALBOX_PLANTED_FAULT/);
});

test("a service may have several endpoints, each with its labels", () => {
  const { services } = loadConfig({
    DATABASE_URL,
    SIGNALBOX_LANGUAGE_URL: "http://a:4610#cpu,http://b:4610#gpu",
    SIGNALBOX_TOOLS_URL: "dns+http://tools:4613",
  });
  expect(services.language).toMatchObject([{ endpoint: { url: "http://a:4610" } }, { endpoint: { labels: new Set(["gpu"]) } }]);
  expect(services.tools).toMatchObject([{ kind: "name", host: "tools", port: "4613" }]);
  expect(services.memory).toBeUndefined();
});

test("a model of intents is named by its version and looked for in the data folder", () => {
  const env = { DATABASE_URL, SIGNALBOX_INTENT_MODEL: "airline-0123456789abcdef", SIGNALBOX_DATA_DIR: "/data" };
  expect(loadConfig(env).intentModels).toEqual({ versions: [{ domain: null, version: "airline-0123456789abcdef" }], dataDir: "/data" });
  expect(loadConfig({ DATABASE_URL, SIGNALBOX_DATA_DIR: "/data" }).intentModels).toBeUndefined();
});

test("each domain may have a model of its own", () => {
  const env = { DATABASE_URL, SIGNALBOX_INTENT_MODEL: "banking=banking77-0123456789abcdef, all-1", SIGNALBOX_DATA_DIR: "/data" };
  const versions = [
    { domain: "banking", version: "banking77-0123456789abcdef" },
    { domain: null, version: "all-1" },
  ];
  expect(loadConfig(env).intentModels).toEqual({ versions, dataDir: "/data" });
});

test("a replay of cassettes gets neither address nor key", () => {
  const env = { SIGNALBOX_LLM_URL: "http://127.0.0.1:9/v1", SIGNALBOX_LLM_KEY: "k", SIGNALBOX_DATA_DIR: "/data" };
  const { chat } = loadConfig({ DATABASE_URL, ...env, SIGNALBOX_LLM_CASSETTES: "replay" }).llm;
  expect(chat).toEqual({ mode: "replay", provider: "openai", folder: "/data/cassettes" });
  expect(loadConfig({ DATABASE_URL, ...env, SIGNALBOX_LLM_CASSETTES: "record" }).llm.chat).toMatchObject({
    mode: "record",
    endpoint: { key: "k" },
  });
  expect(loadConfig({ DATABASE_URL }).llm.chat).toBeUndefined();
});

test("a setting that relies on a model needs one, unless another process does that work", () => {
  const env = { DATABASE_URL, SIGNALBOX_UNCLEAR: "llm", SIGNALBOX_CLASSIFIER: "llm" };
  const elsewhere = { SIGNALBOX_PLANNING_URL: "http://127.0.0.1:9", SIGNALBOX_LANGUAGE_URL: "http://127.0.0.1:9" };
  expect(loadConfig({ ...env, ...elsewhere }).unclear).toBe("llm");
});

test("a gateway that others can reach requires keys, unless it is told otherwise", () => {
  const isKeyRequired = (env: Record<string, string>) => loadConfig({ DATABASE_URL, ...env }).gateway.isKeyRequired;
  const everywhere = { SIGNALBOX_LISTEN_ADDRESS: "0.0.0.0" };
  expect([isKeyRequired({}), isKeyRequired(everywhere)]).toEqual([false, true]);
  expect(isKeyRequired({ ...everywhere, SIGNALBOX_GATEWAY_KEY_REQUIRED: "false" })).toBe(false);
});

test("services without keys are exposed only where they run alone and nothing has to be encrypted", () => {
  const addressOf = (parts: string, env: Record<string, string> = {}) =>
    loadConfig({ DATABASE_URL, SIGNALBOX_LISTEN_ADDRESS: "0.0.0.0", SIGNALBOX_RUNTIME_PARTS: parts, ...env }).serviceAddress;
  const secure = { SIGNALBOX_GATEWAY_TLS_PORT: "4543", SIGNALBOX_GATEWAY_TLS_CERT: "cert.pem", SIGNALBOX_GATEWAY_TLS_KEY: "key.pem" };
  expect([addressOf("planning"), addressOf("worker")]).toEqual(["0.0.0.0", "0.0.0.0"]);
  expect([addressOf("gateway,worker"), addressOf("gateway", { SIGNALBOX_GATEWAY_SHARED: "true" })]).toEqual([undefined, undefined]);
  expect(addressOf("worker", secure)).toBeUndefined();
});

test.each([
  ["SIGNALBOX_UNCLEAR", { DATABASE_URL, SIGNALBOX_UNCLEAR: "llm" }],
  ["SIGNALBOX_CLASSIFIER", { DATABASE_URL, SIGNALBOX_CLASSIFIER: "llm", SIGNALBOX_LLM_URL: "http://127.0.0.1:9/v1" }],
  ["SIGNALBOX_LLM_CASSETTE_DIR", { DATABASE_URL, SIGNALBOX_LLM_CASSETTES: "replay" }],
  ["DATABASE_URL", {}],
  ["DATABASE_URL", { DATABASE_URL: "not a url" }],
  ["SIGNALBOX_RUNTIME_PARTS", { DATABASE_URL, SIGNALBOX_RUNTIME_PARTS: "gatway" }],
  ["SIGNALBOX_DATA_DIR", { DATABASE_URL, SIGNALBOX_INTENT_MODEL: "airline-0123456789abcdef" }],
  ["SIGNALBOX_MEMORY_URL", { DATABASE_URL, SIGNALBOX_MEMORY_URL: "http://a,b" }],
  ["SIGNALBOX_GATEWAY_TLS_KEY", { DATABASE_URL, SIGNALBOX_GATEWAY_TLS_CERT: "cert.pem" }],
  ["SIGNALBOX_LISTEN_ADDRESS", { DATABASE_URL, SIGNALBOX_LISTEN_ADDRESS: "everywhere" }],
  ["SIGNALBOX_DEMO_TASKS", { DATABASE_URL, SIGNALBOX_DEMO_TASKS: "many" }],
])("a wrong %s is named", (name, env) => {
  expect(() => loadConfig(env)).toThrow(expect.objectContaining({ code: "infrastructure", message: expect.stringContaining(name) }));
});

test("a task waits for memory that is away, for half a minute unless told otherwise, or goes on without", () => {
  const outage = (env: Record<string, string>) => loadConfig({ DATABASE_URL, ...env }).memory.outage;
  expect(outage({})).toEqual({ kind: "wait", waitMs: 30_000, pauseMs: 250 });
  expect(outage({ SIGNALBOX_MEMORY_WAIT_MS: "5" })).toEqual({ kind: "wait", waitMs: 5, pauseMs: 250 });
  expect(outage({ SIGNALBOX_MEMORY_OUTAGE: "degrade" })).toEqual({ kind: "degrade" });
  expect(() => outage({ SIGNALBOX_MEMORY_OUTAGE: "panic" })).toThrow("SIGNALBOX_MEMORY_OUTAGE");
});

test("turns are in Redis where there is one, and vectors where the settings say", () => {
  const env = {
    DATABASE_URL,
    REDIS_URL: "redis://127.0.0.1:6379",
    SIGNALBOX_VECTOR_STORE: "qdrant",
    SIGNALBOX_VECTOR_STORE_URL: "http://q:6333",
  };
  expect(loadConfig(env).memory).toMatchObject({
    redisUrl: "redis://127.0.0.1:6379",
    vectorStore: { kind: "qdrant", url: "http://q:6333" },
  });
  expect(loadConfig({ DATABASE_URL }).memory).toMatchObject({
    redisUrl: undefined,
    vectorStore: { kind: "embedded" },
    embeddings: undefined,
  });
});
