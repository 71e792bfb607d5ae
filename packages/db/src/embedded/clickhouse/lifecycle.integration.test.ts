import { fork, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ClickHouseClient } from "@clickhouse/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { forkStore, freePortOffset } from "../storeProcess.ts";
import { clickhouseEntry, embeddedClickHouseUrl, isClickHouseReady } from "./index.ts";
import { startTestClickHouse, type TestClickHouse } from "./testClickHouse.ts";

/** Runs the store's process until it ends by itself. */
async function runToEnd(env: Record<string, string>): Promise<{ exitCode: number | null; words: string }> {
  const store = forkStore(clickhouseEntry, env);
  await once(store.child, "exit");
  return { exitCode: store.child.exitCode, words: store.words() };
}

const SMALL_DISK_BYTES = 48 * 1024 * 1024;

/** A small disk of its own, where this machine allows mounting one. */
function mountSmallDisk(): ({ path: string } & Disposable) | undefined {
  const path = mkdtempSync(join(tmpdir(), "signalbox-disk-"));
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${SMALL_DISK_BYTES}`, "tmpfs", path], { stdio: "ignore" });
  const remove = (): void => rmSync(path, { recursive: true, force: true });
  if (status !== 0) {
    remove();
    return undefined;
  }
  return {
    path,
    [Symbol.dispose]: () => {
      spawnSync("umount", ["-l", path], { stdio: "ignore" });
      remove();
    },
  };
}

/** What becomes of a statement. */
const OUTCOMES = [() => "answered", () => "broken off"] as const;

const ONE_SENTENCE = /^[^\n]+\.\n$/;

describe("a store that cannot start says why in one line and ends with 4", () => {
  let store: TestClickHouse;
  beforeAll(async () => {
    store = await startTestClickHouse();
  });
  afterAll(() => store[Symbol.asyncDispose]());

  test("when another process holds the data folder", async () => {
    const env = { SIGNALBOX_DATA_DIR: store.dataDir, SIGNALBOX_PORT_OFFSET: String(await freePortOffset()) };
    const { exitCode, words } = await runToEnd(env);
    expect([exitCode, words]).toEqual([4, expect.stringMatching(ONE_SENTENCE)]);
    expect(words).toContain("in use by another process");
    expect(await store.client.ping()).toEqual({ success: true });
  });

  test("when the port is taken", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "signalbox-clickhouse-"));
    const { exitCode, words } = await runToEnd({ SIGNALBOX_DATA_DIR: dataDir, SIGNALBOX_PORT_OFFSET: String(store.portOffset) });
    expect([exitCode, words]).toEqual([4, expect.stringMatching(ONE_SENTENCE)]);
    expect(words).toContain(`Port ${store.url.port}`);
    rmSync(dataDir, { recursive: true });
  });

  test("when the engine could not read the folder's name", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "signalbox-{a}-"));
    const { exitCode, words } = await runToEnd({ SIGNALBOX_DATA_DIR: dataDir, SIGNALBOX_PORT_OFFSET: String(await freePortOffset()) });
    expect([exitCode, words]).toEqual([4, expect.stringMatching(ONE_SENTENCE)]);
    rmSync(dataDir, { recursive: true });
  });

  test("when the data folder is no folder", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "signalbox-clickhouse-"));
    writeFileSync(join(dataDir, "file"), "");
    const env = { SIGNALBOX_DATA_DIR: join(dataDir, "file", "data"), SIGNALBOX_PORT_OFFSET: String(await freePortOffset()) };
    const { exitCode, words } = await runToEnd(env);
    expect([exitCode, words]).toEqual([4, expect.stringMatching(ONE_SENTENCE)]);
    rmSync(dataDir, { recursive: true });
  });
});

test("a data folder may have quotes, spaces and letters of any script in its name", async () => {
  const folder = mkdtempSync(join(tmpdir(), "signalbox it's ünï-"));
  await using _removed = { [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }) };
  await using store = await startTestClickHouse({ dataDir: folder });
  await store.client.command({ query: "CREATE TABLE named (id UInt8) ENGINE = MergeTree ORDER BY id" });
  await store.client.insert({ table: "named", values: [{ id: 1 }], format: "JSONEachRow" });
  expect(await store.lines("SELECT id FROM named")).toEqual(["1"]);
});

test("SIGTERM ends it without waiting for a statement, and what was stored stays", async () => {
  await using store = await startTestClickHouse();
  await store.client.command({ query: "CREATE TABLE kept (id UInt8) ENGINE = MergeTree ORDER BY id" });
  await store.client.insert({ table: "kept", values: [{ id: 1 }], format: "JSONEachRow" });
  const running = store.client.command({ query: "SELECT sum(cityHash64(number)) FROM numbers(1e13)" }).then(...OUTCOMES);
  await expect.poll(() => store.lines("SELECT count() FROM system.processes")).toEqual(["2"]);
  await store.process().end("SIGTERM");
  expect(await running).toBe("broken off");
  await store.killAndRestart();
  expect(await store.lines("SELECT id FROM kept")).toEqual(["1"]);
});

test("SIGTERM ends it also while a statement runs that does not let itself be interrupted", async () => {
  await using store = await startTestClickHouse();
  const sort = "SELECT length(arraySort(x -> -cityHash64(x), range(60000000))) SETTINGS function_range_max_elements_in_block = 100000000";
  const running = store.client.command({ query: sort }).then(...OUTCOMES);
  await expect.poll(() => store.lines("SELECT count() FROM system.processes")).toEqual(["2"]);
  await store.process().end("SIGTERM");
  expect(await running).toBe("broken off");
});

test("it ends with its parent, however that ended", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "signalbox-clickhouse-"));
  const portOffset = await freePortOffset();
  const url = embeddedClickHouseUrl(dataDir, portOffset);
  const parent = fork(fileURLToPath(new URL("../__fixtures__/parent.ts", import.meta.url)), [clickhouseEntry], {
    env: { ...process.env, SIGNALBOX_DATA_DIR: dataDir, SIGNALBOX_PORT_OFFSET: String(portOffset) },
    execArgv: [],
    silent: true,
  });
  const [pid] = (await once(parent, "message")) as [number];
  await expect.poll(() => isClickHouseReady(url), { timeout: 60_000 }).toBe(true);
  parent.kill("SIGKILL");
  const isAlive = (): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  await expect.poll(isAlive).toBe(false);
  rmSync(dataDir, { recursive: true });
});

const smallDisk = mountSmallDisk();
afterAll(() => smallDisk?.[Symbol.dispose]());

describe.skipIf(smallDisk === undefined)("on a disk that fills up (needs the right to mount one)", () => {
  const dataDir = smallDisk?.path ?? "";
  const insertUntilRefused = async (client: ClickHouseClient): Promise<{ stored: number; error: unknown }> => {
    for (let stored = 0; ; stored += 1) {
      const values = Array.from({ length: 100 }, () => ({ text: randomBytes(20_000).toString("latin1") }));
      try {
        await client.insert({ table: "filling", values, format: "JSONEachRow" });
      } catch (error) {
        return { stored, error };
      }
    }
  };

  test("inserts are refused with ClickHouse's code, and what was answered is there, also after a kill", async () => {
    await using store = await startTestClickHouse({ dataDir });
    await store.client.command({ query: "CREATE TABLE filling (text String CODEC(NONE)) ENGINE = MergeTree ORDER BY tuple()" });
    const { stored, error } = await insertUntilRefused(store.client);
    expect(error).toMatchObject({ code: "243", type: "NOT_ENOUGH_SPACE" });
    expect(stored).toBeGreaterThan(0);
    expect(await store.lines("SELECT count() FROM filling")).toEqual([`${stored * 100}`]);
    await store.killAndRestart();
    expect(await store.lines("SELECT count() FROM filling")).toEqual([`${stored * 100}`]);
    await store.client.command({ query: "TRUNCATE TABLE filling" });
  });

  test.each([
    ["that is full", () => writeFileSync(join(dataDir, "ballast"), Buffer.alloc(SMALL_DISK_BYTES))],
    ["that is read-only", () => spawnSync("mount", ["-o", "remount,ro", dataDir])],
  ])("a disk %s is one sentence and exit code 4", async (_what, spoil) => {
    try {
      spoil();
    } catch {
      // The ballast fills the remaining space, however little.
    }
    const { exitCode, words } = await runToEnd({ SIGNALBOX_DATA_DIR: dataDir, SIGNALBOX_PORT_OFFSET: String(await freePortOffset()) });
    expect([exitCode, words]).toEqual([4, expect.stringMatching(ONE_SENTENCE)]);
    expect(words).toContain(dataDir);
  });
});
