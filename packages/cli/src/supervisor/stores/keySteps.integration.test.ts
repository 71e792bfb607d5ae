import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTestStores } from "@signalbox/db/embedded";
import { createPrisma, listApiKeys, listProjects } from "@signalbox/db/prisma";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadConfig } from "../../config.ts";
import { agentKeyOf, keySteps, operatorKeyOf, tasksKeyOf } from "./keySteps.ts";

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
  const steps = keySteps(configOf("1"), STORES);
  expect(steps).toMatchObject([{ name: "keys", needs: ["postgres schema"] }]);
  expect(JSON.stringify(steps)).not.toContain(key);
});

test.each(["", "false"])("where they are not (%j), nothing is made", (required) => {
  expect([agentKeyOf(configOf(required)), operatorKeyOf(configOf(required))]).toEqual([undefined, undefined]);
  expect(keySteps(configOf(required), STORES)).toEqual([]);
  expect(readdirSync(dataDir)).toEqual([]);
});

test("where the gateway requires keys our own programs have one that lets them run tasks, and one for its metrics", async () => {
  await using stores = await startTestStores();
  await using prisma = createPrisma(stores.databaseUrl);
  const config = loadConfig({ SIGNALBOX_DATA_DIR: dataDir, SIGNALBOX_GATEWAY_KEY_REQUIRED: "true" });
  for (const { run } of keySteps(config, { ...STORES, DATABASE_URL: stores.databaseUrl })) await run();
  expect(agentKeyOf(config)).toBeUndefined();
  const scopesByEnding = (await listApiKeys(prisma, "default", 10)).map(({ ending, scopes }) => [ending, scopes]);
  expect(Object.fromEntries(scopesByEnding)).toEqual({
    [tasksKeyOf(config)?.slice(-4) ?? ""]: ["run"],
    [operatorKeyOf(config)?.slice(-4) ?? ""]: ["admin"],
  });
});

// The root user may read every file.
test.skipIf(process.getuid?.() === 0)("a user who may not read the operator's key has none", () => {
  writeFileSync(join(dataDir, "operator.key"), "sbx_secret", { mode: 0o000 });
  expect(operatorKeyOf(configOf("true"))).toBeUndefined();
});

test("at every start the agent's key is let in and the quarantine is there, once", async () => {
  await using stores = await startTestStores();
  await using prisma = createPrisma(stores.databaseUrl);
  const steps = () => keySteps(configOf("true"), { ...STORES, DATABASE_URL: stores.databaseUrl });
  for (let starts = 0; starts < 2; starts += 1) for (const { run } of steps()) await run();
  expect(await listApiKeys(prisma, "default", 10)).toMatchObject([
    { ending: agentKeyOf(configOf("true"))?.slice(-4), scopes: ["ingest"], revokedAt: null },
  ]);
  expect((await listProjects(prisma, 10)).map(({ name }) => name)).toContain("quarantine");
});
