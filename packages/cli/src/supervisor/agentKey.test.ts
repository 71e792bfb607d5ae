import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadConfig } from "../config.ts";
import { agentKeyOf, agentKeySteps } from "./agentKey.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "signalbox-agent-key-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const configOf = (required: string) => loadConfig({ SIGNALBOX_DATA_DIR: dataDir, SIGNALBOX_COLLECTOR_KEY_REQUIRED: required });
const STORES = { DATABASE_URL: "postgresql://x/y", CLICKHOUSE_URL: "http://x", REDIS_URL: undefined };

test("where keys are required the reference agent has one of its own, kept for the folder's owner alone", () => {
  const key = agentKeyOf(configOf("true"));
  expect(key).toMatch(/^sbx_/);
  expect(agentKeyOf(configOf("true"))).toBe(key);
  expect(statSync(join(dataDir, "agent.key")).mode & 0o777).toBe(0o600);
  const steps = agentKeySteps(configOf("1"), STORES);
  expect(steps).toMatchObject([{ name: "agent key", needs: ["postgres schema"] }]);
  expect(JSON.stringify(steps)).not.toContain(key);
});

test.each(["", "false"])("where they are not (%j), nothing is made", (required) => {
  expect(agentKeyOf(configOf(required))).toBeUndefined();
  expect(agentKeySteps(configOf(required), STORES)).toEqual([]);
  expect(readdirSync(dataDir)).toEqual([]);
});
