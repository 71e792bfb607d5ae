import { execFileSync } from "node:child_process";
import { readdir, stat, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createClickHouse, createLedgerReader } from "@signalbox/db/clickhouse";
import { reconcile } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aSpan, tracesRequest } from "./testing/builders/otlpBuilders.ts";
import { aPlace, startCollectorProcess } from "./testing/collectorProcess.ts";
import { startTestStore, type TestStore } from "./testing/testStore.ts";
import { untilTrue, untilWritten } from "./testing/untilTrue.ts";

/** A URL at which no store answers. */
const NO_STORE = "http://127.0.0.1:9/signalbox";

let store: TestStore;
beforeAll(async () => {
  store = await startTestStore();
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

/** Sends one span of `service`; returns the HTTP status, or null if there was no answer. */
async function sendSpan(url: string, service: string, span = aSpan()): Promise<number | null> {
  const body = JSON.stringify(tracesRequest([span], service));
  const answer = fetch(`${url}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
    signal: AbortSignal.timeout(30_000),
  });
  return answer.then(
    ({ status }) => status,
    () => null,
  );
}

/** The raw rows in the store, duplicates included. */
const rowsOf = (service: string): Promise<number> => store.number(`SELECT count() FROM spans WHERE service = '${service}'`);
const spansOf = (service: string): Promise<number> => store.number(`SELECT uniqExact(span_id) FROM spans WHERE service = '${service}'`);

test("killed between the answer and the insert: nothing is lost, nothing doubled", async () => {
  await using place = await aPlace();
  {
    await using collector = startCollectorProcess(place, { CLICKHOUSE_URL: store.url, SIGNALBOX_COLLECTOR_BATCH_AGE_MS: "600000" });
    await collector.untilListening();
    const answers = await Promise.all(Array.from({ length: 100 }, () => sendSpan(place.url, "before-insert")));
    expect(new Set(answers)).toEqual(new Set([200]));
    await collector.end("SIGKILL");
  }
  expect(await rowsOf("before-insert")).toBe(0);
  await using again = startCollectorProcess(place, { CLICKHOUSE_URL: store.url });
  await again.untilListening();
  await untilWritten(place.url);
  expect([await rowsOf("before-insert"), await spansOf("before-insert")]).toEqual([100, 100]);
});

/** A proxy that passes requests on to the store but withholds the answers to inserts: the client hangs although the rows are stored. */
async function swallowAnswers(storeUrl: string) {
  const target = new URL(storeUrl);
  let inserts = 0;
  const server = createServer((incoming, outgoing) => {
    const isInsert = (incoming.url ?? "").includes("INSERT");
    const headers = { ...incoming.headers, host: target.host };
    const passed = request(
      { host: target.hostname, port: target.port, path: incoming.url, method: incoming.method, headers },
      (answer: IncomingMessage) => {
        if (!isInsert) return answer.pipe(outgoing.writeHead(answer.statusCode ?? 500, answer.headers));
        answer.resume().on("end", () => {
          inserts += 1;
        });
      },
    );
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(storeUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    inserts: () => inserts,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test("killed between the insert and the checkpoint, with more appended behind: nothing is lost, nothing doubled", async () => {
  await using place = await aPlace();
  {
    await using proxy = await swallowAnswers(store.url);
    await using collector = startCollectorProcess(place, { CLICKHOUSE_URL: proxy.url });
    await collector.untilListening();
    for (let sent = 0; sent < 10; sent += 1) expect(await sendSpan(place.url, "before-checkpoint")).toBe(200);
    await untilTrue(() => proxy.inserts() > 0);
    for (let sent = 0; sent < 10; sent += 1) expect(await sendSpan(place.url, "before-checkpoint")).toBe(200);
    await collector.end("SIGKILL");
  }
  expect(await rowsOf("before-checkpoint")).toBeGreaterThan(0);
  expect(await rowsOf("before-checkpoint")).toBeLessThan(20);
  await using again = startCollectorProcess(place, { CLICKHOUSE_URL: store.url });
  await again.untilListening();
  await untilWritten(place.url);
  expect([await rowsOf("before-checkpoint"), await spansOf("before-checkpoint")]).toEqual([20, 20]);
});

test("killed while two batches are on their way: nothing is lost, nothing doubled", async () => {
  await using place = await aPlace();
  const send = async (count: number): Promise<void> => {
    for (let sent = 0; sent < count; sent += 1) expect(await sendSpan(place.url, "two-batches")).toBe(200);
  };
  {
    await using proxy = await swallowAnswers(store.url);
    await using collector = startCollectorProcess(place, { CLICKHOUSE_URL: proxy.url, SIGNALBOX_COLLECTOR_BATCH_AGE_MS: "50" });
    await collector.untilListening();
    await send(7);
    await untilTrue(() => proxy.inserts() >= 1);
    await send(7);
    await untilTrue(() => proxy.inserts() >= 2);
    await send(7);
    await collector.end("SIGKILL");
  }
  expect(await rowsOf("two-batches")).toBeGreaterThanOrEqual(2);
  await using again = startCollectorProcess(place, { CLICKHOUSE_URL: store.url });
  await again.untilListening();
  await untilWritten(place.url);
  expect([await rowsOf("two-batches"), await spansOf("two-batches")]).toEqual([21, 21]);
});

test("killed again and again under load: every acknowledged span is there, and each is one span", async () => {
  await using place = await aPlace();
  const acknowledged = new Set<string>();
  let isOver = false;
  const senders = Array.from({ length: 4 }, async () => {
    while (!isOver) {
      const span = aSpan();
      let status: number | null = null;
      while (status !== 200 && !isOver) {
        status = await sendSpan(place.url, "killed", span);
        if (status === 200) acknowledged.add(span.spanId);
        else await sleep(10);
      }
    }
  });
  for (let kill = 0; kill < 6; kill += 1) {
    await using collector = startCollectorProcess(place, {
      CLICKHOUSE_URL: store.url,
      SIGNALBOX_COLLECTOR_SEGMENT_BYTES: "20000",
      SIGNALBOX_COLLECTOR_BATCH_AGE_MS: "30",
    });
    await collector.untilListening();
    const enough = acknowledged.size + 60;
    await untilTrue(() => acknowledged.size >= enough, 60_000);
    await collector.end("SIGKILL");
  }
  isOver = true;
  await Promise.all(senders);
  await using last = startCollectorProcess(place, { CLICKHOUSE_URL: store.url });
  await last.untilListening();
  await untilWritten(place.url);
  const stored = await store.rows<{ span_id: string }>("SELECT lower(hex(span_id)) AS span_id FROM spans FINAL WHERE service = 'killed'");
  const ids = stored.map(({ span_id }) => span_id);
  expect(ids.length).toBe(new Set(ids).size);
  expect([...acknowledged].filter((id) => !ids.includes(id))).toEqual([]);
  expect(ids.length - acknowledged.size).toBeLessThanOrEqual(4);
});

test("on SIGTERM it writes what it has and exits with 0; without a store it exits all the same, and the next one writes it", async () => {
  await using place = await aPlace();
  {
    await using collector = startCollectorProcess(place, { CLICKHOUSE_URL: store.url, SIGNALBOX_COLLECTOR_BATCH_AGE_MS: "600000" });
    await collector.untilListening();
    expect(await sendSpan(place.url, "graceful")).toBe(200);
    expect(await collector.end("SIGTERM")).toBe(0);
    expect(await rowsOf("graceful")).toBe(1);
  }
  {
    await using collector = startCollectorProcess(place, { CLICKHOUSE_URL: NO_STORE });
    await collector.untilListening();
    expect(await sendSpan(place.url, "graceful")).toBe(200);
    collector.child.disconnect();
    expect(await collector.exitCode()).toBe(0);
  }
  await using collector = startCollectorProcess(place, { CLICKHOUSE_URL: store.url });
  await collector.untilListening();
  await untilWritten(place.url);
  expect(await rowsOf("graceful")).toBe(2);
});

test("after all those kills the ledger counts every row once, and finds each", async () => {
  const clickhouse = createClickHouse(store.url);
  const to = Math.ceil(Date.now() / 60_000) * 60;
  const window = { from: to - 3_600, to, stepSeconds: 3_600 };
  const accounts = await createLedgerReader(clickhouse).accounts("", window, { waiting: [], readableUntilMs: (to + 3_600) * 1_000 });
  await clickhouse.close();
  const [spans] = reconcile(accounts);
  expect(spans).toMatchObject({ source: "otlp_traces_http", discrepancies: [], counts: { rejected: 0, missing: 0 } });
  expect(spans?.counts.readable).toBe(await store.number("SELECT count() FROM spans FINAL"));
});

/** Limits the size of the files that the process may write, like a full disk. */
function limitFiles(pid: number | undefined, bytes: number | "unlimited"): void {
  execFileSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:`]);
}

test.skipIf(process.platform !== "linux")(
  "a disk that takes no more: 503 and not ready, nothing acknowledged is lost, and it recovers by itself",
  async () => {
    await using place = await aPlace();
    await using collector = startCollectorProcess(place, { CLICKHOUSE_URL: store.url, SIGNALBOX_COLLECTOR_BATCH_AGE_MS: "600000" });
    await collector.untilListening();
    limitFiles(collector.child.pid, 10_000);
    let acknowledged = 0;
    let status = await sendSpan(place.url, "disk-full");
    for (; status === 200; status = await sendSpan(place.url, "disk-full")) acknowledged += 1;
    expect(acknowledged).toBeGreaterThan(3);
    expect(status).toBe(503);
    expect((await fetch(`${place.url}/readyz`)).status).toBe(503);
    const journal = join(place.dataDir, "journal");
    const [segment = ""] = (await readdir(journal)).filter((name) => name.endsWith(".segment"));
    expect((await stat(join(journal, segment))).size).toBeLessThan(10_000);

    limitFiles(collector.child.pid, "unlimited");
    expect(await sendSpan(place.url, "disk-full")).toBe(200);
    expect((await fetch(`${place.url}/readyz`)).status).toBe(200);
    expect(await collector.end("SIGTERM")).toBe(0);
    expect([await rowsOf("disk-full"), await spansOf("disk-full")]).toEqual([acknowledged + 1, acknowledged + 1]);
  },
);

/** Starts a collector that cannot run; returns its exit code and its output. */
async function refusal(
  place: Awaited<ReturnType<typeof aPlace>>,
  env: Record<string, string>,
): Promise<{ code: number | null; words: string }> {
  await using collector = startCollectorProcess(place, { CLICKHOUSE_URL: NO_STORE, ...env });
  const code = await collector.exitCode();
  return { code, words: collector.words() };
}

test("a locked folder, a port in use, a path that is no folder, a malformed URL: one sentence and exit code 4", async () => {
  await using place = await aPlace();
  await using other = await aPlace();
  await using collector = startCollectorProcess(place, { CLICKHOUSE_URL: NO_STORE });
  await collector.untilListening();
  const file = join(other.dataDir, "file");
  await writeFile(file, "");
  const refusals = {
    "in use by another collector": await refusal({ ...other, dataDir: place.dataDir }, {}),
    "is taken by another program": await refusal({ ...place, dataDir: other.dataDir }, {}),
    "cannot be opened": await refusal({ ...other, dataDir: file }, {}),
    CLICKHOUSE_URL: await refusal(other, { CLICKHOUSE_URL: "not a url" }),
  };
  for (const [sentence, { code, words }] of Object.entries(refusals)) {
    expect(words).toContain(sentence);
    expect(words.trim().split("\n")).toHaveLength(1);
    expect(code).toBe(4);
  }
});
