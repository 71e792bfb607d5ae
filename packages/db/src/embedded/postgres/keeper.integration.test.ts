import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { forkStore, freePortOffset, type StoreProcess, startStore } from "../storeProcess.ts";
import { embeddedDatabaseUrl, isPostgresReady, postgresEntry } from "./index.ts";

let dataDir: string;
let portOffset: number;
let url: URL;
let keeper: StoreProcess;

const start = (): Promise<StoreProcess> =>
  startStore(postgresEntry, { SIGNALBOX_DATA_DIR: dataDir, SIGNALBOX_PORT_OFFSET: String(portOffset) }, () => isPostgresReady(url.href));

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "signalbox-postgres-"));
  portOffset = await freePortOffset();
  url = new URL(embeddedDatabaseUrl(dataDir, portOffset));
  url.pathname = "/postgres";
  keeper = await start();
});
afterAll(async () => {
  await keeper.end("SIGTERM");
  rmSync(dataDir, { recursive: true, force: true });
});

/** Runs a keeper until it ends by itself. */
async function runToEnd(env: Record<string, string>): Promise<{ exitCode: number | null; lastLine: string | undefined }> {
  const store = forkStore(postgresEntry, env);
  await once(store.child, "exit");
  return { exitCode: store.child.exitCode, lastLine: store.words().trim().split("\n").at(-1) };
}

async function query(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: "array" })).rows.flat();
  } finally {
    await client.end();
  }
}

/** The process id of the cluster's server, while there is one. */
function serverPid(): number | undefined {
  try {
    const pid = Number(readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n")[0]);
    return process.kill(pid, 0) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Waits until a server other than `before` accepts connections. */
async function untilReplaced(before: number | undefined): Promise<void> {
  await expect.poll(serverPid).not.toBeOneOf([before, undefined]);
  await expect.poll(() => isPostgresReady(url.href), { timeout: 60_000 }).toBe(true);
}

describe("the server", () => {
  test("listens on loopback alone, for its owner with a password alone", async () => {
    expect(
      await query("SELECT setting FROM pg_settings WHERE name IN ('listen_addresses', 'unix_socket_directories') ORDER BY name"),
    ).toEqual(["127.0.0.1", ""]);
    const wrong = new URL(url);
    wrong.password = "wrong";
    expect(await isPostgresReady(wrong.href)).toBe(false);
    expect(statSync(join(dataDir, "postgres")).mode & 0o077).toBe(0);
    expect(readFileSync(join(dataDir, "postgres", "pg_hba.conf"), "utf8")).not.toMatch(/^(local|host)\b.*\btrust$/m);
  });

  test("takes two hundred connections, writes durably and speaks UTF-8 and UTC", async () => {
    const names = "'max_connections', 'fsync', 'synchronous_commit', 'server_encoding', 'TimeZone'";
    expect(await query(`SELECT setting FROM pg_settings WHERE name IN (${names}) ORDER BY lower(name)`)).toEqual([
      "on",
      "200",
      "UTF8",
      "on",
      "UTC",
    ]);
  });
});

/** Whether we are root, and may grant the right to read everything without the right to write it. */
const maySeparate =
  process.getuid?.() === 0 && spawnSync("setpriv", ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search", "true"]).status === 0;

test.skipIf(!maySeparate)("started by root, it writes nowhere but in its own folder", async () => {
  const closed = mkdtempSync(join(tmpdir(), "signalbox-closed-"));
  await expect(query(`COPY (SELECT 1) TO '${join(closed, "file")}'`)).rejects.toThrow(/Permission denied/);
  await expect(query(`COPY (SELECT 1) TO '${join(dataDir, "file")}'`)).rejects.toThrow(/Permission denied/);
  expect(readdirSync(closed)).toEqual([]);
  rmSync(closed, { recursive: true, force: true });
});

test("what was committed is there after both are killed: the next keeper ends a server that was left, and a keeper ends as its server did", async () => {
  await query("CREATE TABLE kept (id int)");
  await query("INSERT INTO kept VALUES (1)");
  const orphan = serverPid();
  await keeper.end("SIGKILL");
  expect(await query("SELECT id FROM kept")).toEqual([1]);
  keeper = await start();
  await untilReplaced(orphan);
  expect(await query("SELECT id FROM kept")).toEqual([1]);

  await query("INSERT INTO kept VALUES (2)");
  const exited = once(keeper.child, "exit");
  process.kill(serverPid() ?? Number.NaN, "SIGKILL");
  await exited;
  expect(keeper.child.signalCode).toBe("SIGKILL");
  keeper = await start();
  expect(await query("SELECT id FROM kept ORDER BY id")).toEqual([1, 2]);
});

test("a second keeper is refused, and the first keeps its server", async () => {
  const pid = serverPid();
  const env = { SIGNALBOX_DATA_DIR: dataDir, SIGNALBOX_PORT_OFFSET: String(await freePortOffset()) };
  expect(await runToEnd(env)).toEqual({ exitCode: 4, lastLine: expect.stringContaining("in use by another process") });
  expect([serverPid(), await query("SELECT 1")]).toEqual([pid, [1]]);
});

test("SIGTERM ends keeper and server, whoever is connected", async () => {
  const client = new pg.Client({ connectionString: url.href });
  client.on("error", () => undefined);
  await client.connect();
  expect(await keeper.end("SIGTERM")).toBe(0);
  expect(serverPid()).toBeUndefined();
  await client.end().catch(() => undefined);
  keeper = await start();
});

test("it ends with its parent", async () => {
  const exited = once(keeper.child, "exit");
  keeper.child.disconnect();
  await exited;
  expect(serverPid()).toBeUndefined();
  keeper = await start();
});

describe("a keeper that cannot start says why in its last line and ends with 4", () => {
  test("when the port is taken", async () => {
    const folder = mkdtempSync(join(tmpdir(), "signalbox-postgres-"));
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const env = { SIGNALBOX_DATA_DIR: folder, SIGNALBOX_PORT_OFFSET: String(portOffset) };
    expect(await runToEnd(env)).toEqual({ exitCode: 4, lastLine: expect.stringMatching(new RegExp(`^Port ${url.port}.* is taken`)) });
    taken.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("when the data folder is no folder", async () => {
    const folder = mkdtempSync(join(tmpdir(), "signalbox-postgres-"));
    writeFileSync(join(folder, "file"), "");
    const env = { SIGNALBOX_DATA_DIR: join(folder, "file", "data"), SIGNALBOX_PORT_OFFSET: String(await freePortOffset()) };
    expect(await runToEnd(env)).toEqual({ exitCode: 4, lastLine: expect.stringContaining("is inside something that is not a folder") });
    rmSync(folder, { recursive: true, force: true });
  });
});
