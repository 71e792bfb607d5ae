import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { partEnvironment } from "./partEnvironment.ts";

const SURROUNDING = {
  ...{ PATH: "/bin", LC_ALL: "C", https_proxy: "http://proxy", AWS_SECRET_ACCESS_KEY: "nobody's", WEATHER_KEY: "k" },
  ...{ SIGNALBOX_LLM_KEY: "sk", SIGNALBOX_EMBEDDINGS_KEY: "ek", SIGNALBOX_LOG_LEVEL: "warn", SIGNALBOX_WORKER_TASKS: "8" },
  ...{ SIGNALBOX_GATEWAY_TLS_KEY: "key.pem", SIGNALBOX_CHECKPOINT_WEBHOOK: "http://k@h", NODE_AUTH_TOKEN: "npm's", NODE_ENV: "test" },
};
const TOLD = {
  ...{ SIGNALBOX_DATA_DIR: "/data", DATABASE_URL: "pg", CLICKHOUSE_URL: "ch", REDIS_URL: "rd" },
  ...{ SIGNALBOX_OTLP_KEY: "ok", SIGNALBOX_GATEWAY_KEY: "gk" },
};

const namesOf = (name: string, copyOf?: string, surrounding: NodeJS.ProcessEnv = SURROUNDING): string[] =>
  Object.keys(partEnvironment({ name, env: TOLD, ...(copyOf === undefined ? {} : { copyOf }) }, surrounding)).sort();

const EVERYBODYS = ["LC_ALL", "NODE_ENV", "PATH", "SIGNALBOX_DATA_DIR", "SIGNALBOX_LOG_LEVEL", "https_proxy"];
const PARTS = ["DATABASE_URL", "SIGNALBOX_WORKER_TASKS"];

test.each([
  ["postgres", EVERYBODYS],
  ["clickhouse", EVERYBODYS],
  ["worker", [...EVERYBODYS, ...PARTS, "REDIS_URL", "SIGNALBOX_EMBEDDINGS_KEY", "SIGNALBOX_LLM_KEY", "SIGNALBOX_OTLP_KEY"]],
  ["gateway", [...EVERYBODYS, ...PARTS, "REDIS_URL", "SIGNALBOX_GATEWAY_KEY", "SIGNALBOX_GATEWAY_TLS_KEY"]],
  ["collector", [...EVERYBODYS, ...PARTS, "CLICKHOUSE_URL"]],
  ["controller", [...EVERYBODYS, ...PARTS, "CLICKHOUSE_URL", "SIGNALBOX_CHECKPOINT_WEBHOOK"]],
  ["planning", [...EVERYBODYS, ...PARTS, "SIGNALBOX_LLM_KEY"]],
  ["console", [...EVERYBODYS, ...PARTS, "CLICKHOUSE_URL"]],
])("%s finds what it needs in its environment, and no other's keys", (part, names) => {
  expect(namesOf(part)).toEqual([...names].sort());
});

test("a copy has what the part has of which it is one", () => {
  expect(namesOf("planning-2", "planning")).toContain("SIGNALBOX_LLM_KEY");
  expect(namesOf("memory-1", "memory")).not.toContain("SIGNALBOX_LLM_KEY");
});

test("what the file of tools names is there where tools are called, and nowhere else", () => {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-tools-"));
  try {
    const path = join(folder, "tools.json");
    writeFileSync(path, JSON.stringify({ mcpServers: { weather: { url: "http://w", headers: { "x-key": "$" + "{WEATHER_KEY}" } } } }));
    const surrounding = { ...SURROUNDING, SIGNALBOX_TOOLS_FILE: path };
    const having = ["worker", "tools", "gateway", "planning", "postgres"].filter((part) =>
      namesOf(part, undefined, surrounding).includes("WEATHER_KEY"),
    );
    expect(having).toEqual(["worker", "tools"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
