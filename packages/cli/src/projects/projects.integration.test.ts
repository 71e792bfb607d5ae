import { createClickHouse } from "@signalbox/db/clickhouse";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { aSpan, storeSpans } from "@signalbox/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runSignalbox } from "../testing/signalbox.ts";

let stores: TestStores;

beforeAll(async () => {
  stores = await startTestStores();
});
afterAll(() => stores[Symbol.asyncDispose]());

const signalbox = (...args: string[]) => runSignalbox(stores, args, { DATABASE_URL: stores.databaseUrl });

async function json(...args: string[]) {
  const { stdout, stderr, exitCode } = await signalbox(...args, "--json");
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  return JSON.parse(stdout);
}

test("a project is made, listed, and not made again", async () => {
  const made = await json("project", "create", "shop", "--organisation", "acme", "--environment", "staging", "--environment", "production");
  expect(made.project).toMatchObject({ name: "shop", organisation: "acme", environments: ["staging", "production"] });
  expect((await json("project", "list")).projects.map(({ name }: { name: string }) => name)).toEqual(["shop", "default"]);

  const again = await signalbox("project", "create", "shop");
  expect({ stdout: again.stdout, exitCode: again.exitCode }).toEqual({ stdout: "", exitCode: 2 });
  expect(again.stderr).toContain("There is a project shop already.");
});

test("a key's secret is printed once, and never again", async () => {
  const { stdout, exitCode } = await signalbox("key", "create", "once");
  expect(exitCode).toBe(0);
  const secrets = stdout.match(/sbx_[\w-]{43}/g) ?? [];
  expect(secrets).toHaveLength(1);

  for (const args of [
    ["key", "list"],
    ["key", "list", "--json"],
    ["key", "create", "once", "--verbose"],
    ["project", "list", "--json"],
  ]) {
    const later = await signalbox(...args);
    expect(`${later.stdout}${later.stderr}`).not.toContain(secrets[0]);
  }
});

test("a key of each kind, with what it may do, is shown as it was asked for", async () => {
  const token = await json("key", "create", "token", "--scope", "read", "--scope", "gate", "--requests-per-minute", "600");
  expect(token).toMatchObject({ publicKey: null, key: { kind: "token", scopes: ["read", "gate"], requestsPerMinuteMax: 600 } });
  const pair = await json("key", "create", "pair", "--kind", "pair");
  expect(pair.publicKey).toMatch(/^sbx_pub_/);
  expect(pair.key).toMatchObject({ publicKey: pair.publicKey, scopes: ["ingest"], requestsPerMinuteMax: null });
  const uuid = await json("key", "create", "uuid", "--kind", "uuid");
  expect(uuid.secret).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect((await signalbox("key", "list")).stdout).toContain("600");
});

test("a revoked key is shown as such, and revoking it again changes nothing", async () => {
  const { key } = await json("key", "create", "to-revoke");
  const revoked = await json("key", "revoke", key.id);
  expect(revoked.key.revokedAt).not.toBeNull();
  expect(await json("key", "revoke", key.id)).toEqual(revoked);
  expect((await signalbox("key", "list")).stdout).toMatch(/to-revoke.*revoked \d{4}/);
});

test("estimates are computed again when the price table has changed, after a look at what would", async () => {
  const clickhouse = createClickHouse(stores.clickhouseUrl);
  const call = aSpan({ kind: "llm", model: "gpt-4o", usage: { input: 1_000_000, output: 0, cached: null, reasoning: null } });
  await storeSpans(clickhouse, [call]);
  await clickhouse.close();
  const priced = { day: "2026-11-23", models: [{ model: "gpt-4o", spans: 1, usdBefore: 0, usdAfter: 2.5 }] };
  const reprice = (...flags: string[]) =>
    runSignalbox(stores, ["project", "reprice", "default", "--json", ...flags], {
      DATABASE_URL: stores.databaseUrl,
      CLICKHOUSE_URL: stores.clickhouseUrl,
    });
  for (const dryRun of [true, false]) {
    const { stdout, exitCode } = await reprice(...(dryRun ? ["--dry-run"] : []));
    expect([JSON.parse(stdout), exitCode]).toEqual([{ project: "default", since: "2000-01-01", dryRun, spans: 1, days: [priced] }, 0]);
  }
  expect(JSON.parse((await reprice()).stdout)).toMatchObject({ spans: 0, days: [] });
  expect((await reprice("--since", "yesterday")).exitCode).toBe(2);
});

test.each([
  ["a project that is not there", ["key", "create", "x", "--project", "nowhere"], 2, "There is no project nowhere."],
  ["a project's name in other letters", ["project", "create", "Shop"], 2, "Wrong name: a name has 1 to 63 lower-case letters"],
  ["a scope that there is not", ["key", "create", "x", "--scope", "write"], 2, "It is one of ingest, read, run, gate, admin."],
  ["no id of a key", ["key", "revoke", "3"], 2, "Wrong id: it is the id that `key list` shows."],
  ["a key that is not there", ["key", "revoke", "00000000-0000-4000-8000-000000000000"], 2, "There is no key"],
])("%s is said in a sentence", async (_name, args, exitCode, words) => {
  const end = await signalbox(...args);
  expect({ stdout: end.stdout, exitCode: end.exitCode }).toEqual({ stdout: "", exitCode });
  expect(end.stderr).toContain(words);
});

test("without a Signalbox on the data folder, how to start one is said", async () => {
  const { stderr, exitCode } = await runSignalbox(stores, ["key", "list"]);
  expect(exitCode).toBe(4);
  expect(stderr).toContain("Start one with ./signalbox up");
});
