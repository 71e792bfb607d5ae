import { existsSync, readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { get } from "node:https";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createClickHouse, createInventory } from "@signalbox/db/clickhouse";
import { embeddedClickHouseUrl } from "@signalbox/db/embedded";
import { portsAt } from "@signalbox/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isAlive, until } from "../testing/processes.ts";
import {
  consoleUrl,
  killPart,
  newPlace,
  type Place,
  type RunningSignalbox,
  runSignalbox,
  stateAt,
  upSignalbox,
} from "../testing/signalbox.ts";
import { ROLL_SIGNAL } from "./rollSignal.ts";

const PARTS = ["clickhouse", "postgres", "collector", "worker", "gateway", "controller", "console"];

let place: Place;
let running: RunningSignalbox;

beforeAll(async () => {
  place = await newPlace();
  running = await upSignalbox(place, ["--demo-tasks", "3"]);
});
afterAll(async () => {
  await running?.[Symbol.asyncDispose]();
  place?.[Symbol.dispose]();
});

/** Every process of the running Signalbox: the parts, and the PostgreSQL server behind its keeper. */
function allPids(): number[] {
  const server = readFileSync(join(place.dataDir, "postgres", "postmaster.pid"), "utf8").split("\n")[0];
  return [running.process.pid ?? 0, Number(server), ...stateAt(place).parts.flatMap(({ pid }) => pid ?? [])];
}

test("says where the console is once every part is ready", async () => {
  expect(running.readyLine).toBe(`signalbox ready ${consoleUrl(place)}`);
  expect((await fetch(consoleUrl(place))).status).toBe(200);
  expect(stateAt(place)).toMatchObject({ ready: true, portOffset: place.portOffset });
});

test("status shows every part ready, and what the demo's tasks have told", async () => {
  const { value } = await until("spans of the demo", 60_000, async () => {
    const { stdout, exitCode } = await runSignalbox(place, ["status", "--json"]);
    const status = JSON.parse(stdout);
    return (
      exitCode === 0 &&
      status.reconciliation.some(({ stored, waiting }: { stored: number; waiting: number }) => stored > 0 && waiting === 0) &&
      status
    );
  });
  expect(value.ready).toBe(true);
  expect(value.parts.map(({ name, ready }: { name: string; ready: boolean }) => [name, ready])).toEqual(PARTS.map((name) => [name, true]));
  const spans = value.reconciliation.find(({ source }: { source: string }) => source === "otlp_traces_http");
  const { project, received, accepted, rejected, stored, readable, deduplicated, missing, discrepancies } = spans;
  expect({ project, rejected, missing, discrepancies }).toEqual({ project: "default", rejected: 0, missing: 0, discrepancies: [] });
  expect([accepted, readable + deduplicated]).toEqual([received, stored]);
  expect(Date.parse(value.readableUntil)).toBeGreaterThan(Date.now() - 60_000);
});

test("status names the port with TLS and the file that makes clients trust it", async () => {
  const { tls } = JSON.parse((await runSignalbox(place, ["status", "--json"])).stdout);
  expect(tls.url).toBe(`https://127.0.0.1:${portsAt(place.portOffset).otlpTls}`);
  const ca = readFileSync(tls.caFile, "utf8");
  const answer = await new Promise<IncomingMessage>((resolve, reject) => get(`${tls.url}/readyz`, { ca }, resolve).on("error", reject));
  expect(answer.statusCode).toBe(200);
  answer.resume();
  expect((await runSignalbox(place, ["status"])).stdout).toContain(`OTLP over TLS at ${tls.url}; clients trust it by ${tls.caFile}`);
});

test("doctor finds it healthy while it runs", async () => {
  const { stdout, exitCode } = await runSignalbox(place, ["doctor", "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({ healthy: true });
  expect(exitCode).toBe(0);
});

test("another start on the folder is refused, naming the process that has it", async () => {
  const { stderr, exitCode } = await runSignalbox({ ...place, portOffset: place.portOffset + 1 }, ["up"]);
  expect(exitCode).toBe(4);
  expect(stderr).toContain(`Another Signalbox (process ${running.process.pid})`);
});

describe("a part that is killed comes back by itself", () => {
  test.each(["clickhouse", "postgres", "collector", "worker"])("%s", async (part) => {
    await killPart(place, part);
    await until("everything ready", 60_000, async () => (await runSignalbox(place, ["status"])).exitCode === 0);
  });
});

test("state and logs hold no password", async () => {
  const passwords = Object.values<string>(JSON.parse(readFileSync(join(place.dataDir, "credentials.json"), "utf8")));
  const texts = ["state.json", ...PARTS.map((part) => join("logs", `${part}.log`))].map((name) =>
    readFileSync(join(place.dataDir, name), "utf8"),
  );
  expect(passwords.filter((password) => texts.some((text) => text.includes(password)))).toEqual([]);
});

/** The number of traces in the store. */
async function storedTraces(): Promise<number> {
  const clickhouse = createClickHouse(embeddedClickHouseUrl(place.dataDir, place.portOffset));
  try {
    return (await createInventory(clickhouse).counts("default")).traces;
  } finally {
    await clickhouse.close();
  }
}

test("kill -9 of the supervisor ends every part, and a start right after it works and has the old traces", async () => {
  const pids = allPids();
  const traces = await storedTraces();
  expect(traces).toBeGreaterThan(0);
  running.process.kill("SIGKILL");
  const restarted = upSignalbox(place, ["--no-demo"]);
  restarted.catch(() => {});
  await until("all parts gone", 60_000, () => !pids.some(isAlive));
  running = await restarted;
  expect((await runSignalbox(place, ["status"])).exitCode).toBe(0);
  expect(await storedTraces()).toBeGreaterThanOrEqual(traces);
});

test("Ctrl-C stops everything and leaves no process and no lock, be a roll asked for meanwhile or not", async () => {
  const pids = allPids();
  expect(pids).toHaveLength(PARTS.length + 2);
  running.process.kill("SIGINT");
  await sleep(100);
  running.process.kill(ROLL_SIGNAL);
  await until("the supervisor has ended", 60_000, () => running.process.exitCode !== null);
  expect(running.process.exitCode).toBe(0);
  expect(pids.filter(isAlive)).toEqual([]);
  expect(["lock", "state.json"].filter((name) => existsSync(join(place.dataDir, name)))).toEqual([]);
});
