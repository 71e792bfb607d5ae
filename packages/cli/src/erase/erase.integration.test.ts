import { createClickHouse } from "@signalbox/db/clickhouse";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { createPrisma, listErasures, rememberTurns, subjectDigest } from "@signalbox/db/prisma";
import { aSpan, storeSpans } from "@signalbox/db/testing";
import { traceIdOf } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runSignalbox } from "../testing/signalbox.ts";

let stores: TestStores;

beforeAll(async () => {
  stores = await startTestStores();
});
afterAll(() => stores[Symbol.asyncDispose]());

const signalbox = (...args: string[]) =>
  runSignalbox(stores, args, { DATABASE_URL: stores.databaseUrl, CLICKHOUSE_URL: stores.clickhouseUrl });

async function json(...args: string[]) {
  const { stdout, stderr, exitCode } = await signalbox(...args, "--json");
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  return JSON.parse(stdout);
}

async function fill(project: string): Promise<void> {
  const clickhouse = createClickHouse(stores.clickhouseUrl);
  await storeSpans(clickhouse, [
    aSpan({ project, trace: "a", user: "ann" }),
    aSpan({ project, trace: "a", id: "child", parent: "root" }),
    aSpan({ project, trace: "b", user: "bob", session: "chat" }),
  ]);
  await clickhouse.close();
}

async function remember(project: string, session: string): Promise<void> {
  await using prisma = createPrisma(stores.databaseUrl, { connectionsMax: 1 });
  await rememberTurns(prisma, [
    { project, session, turnId: "t", role: "user", content: "hello", expiresAt: new Date(Date.now() + 60_000) },
  ]);
}

const rowsOf = ({ tables }: { tables: { table: string; rows: number }[] }, name: string) =>
  tables.find(({ table }) => table === name)?.rows;

async function recorded(project: string) {
  await using prisma = createPrisma(stores.databaseUrl, { connectionsMax: 1 });
  return await listErasures(prisma, project, 10);
}

test("a user is erased after a look at what would go, and that it was is on record without the name", async () => {
  await fill("default");
  const dryRun = await json("erase", "--user", "ann", "--dry-run");
  expect({ dryRun: dryRun.dryRun, spans: rowsOf(dryRun, "spans") }).toEqual({ dryRun: true, spans: 2 });
  expect(await recorded("default")).toEqual([]);
  expect((await json("erase", "--user", "ann")).tables).toEqual(dryRun.tables);
  expect((await json("erase", "--user", "ann")).tables).toEqual([]);
  await remember("default", "chat");
  expect(rowsOf(await json("erase", "--session", "chat", "--dry-run"), "memory_turn")).toBe(1);
  const session = await json("erase", "--session", "chat");
  expect([rowsOf(session, "spans"), rowsOf(session, "memory_turn")]).toEqual([1, 1]);
  const [latest] = await recorded("default");
  expect(latest).toMatchObject({
    kind: "session",
    subjectDigest: subjectDigest({ kind: "session", value: "chat" }),
    doneAt: expect.any(String),
  });
  expect(JSON.stringify(await recorded("default"))).not.toContain("ann");
});

test("a trace's id may be written in capitals; one thing is erased at a time", async () => {
  await fill("default");
  expect(rowsOf(await json("erase", "--trace", traceIdOf("b").toUpperCase()), "spans")).toBe(1);
  for (const args of [[], ["--user", "a", "--session", "b"], ["--trace", "1234"]])
    expect([args, (await signalbox("erase", ...args)).exitCode]).toEqual([args, 2]);
  expect((await signalbox("erase", "--user", "a", "--project", "nowhere")).exitCode).toBe(2);
});

test("a project goes when its name is said twice, with its keys, and the default project stays", async () => {
  await json("project", "create", "shop");
  await json("key", "create", "ci", "--project", "shop");
  await fill("shop");
  await remember("shop", "chat");
  const unsure = await signalbox("project", "delete", "shop", "--yes", "shopp");
  expect([unsure.exitCode, unsure.stderr]).toEqual([2, expect.stringContaining("--yes shop")]);
  for (const how of [["--dry-run"], ["--yes", "shop"]]) {
    const answer = await json("project", "delete", "shop", ...how);
    expect([rowsOf(answer, "spans"), rowsOf(answer, "memory_turn")]).toEqual([3, 1]);
  }
  expect((await json("project", "list")).projects.map(({ name }: { name: string }) => name)).toEqual(["default"]);
  expect(await recorded("shop")).toMatchObject([{ kind: "project" }]);
  expect((await signalbox("project", "delete", "default", "--yes", "default")).exitCode).toBe(2);
});
