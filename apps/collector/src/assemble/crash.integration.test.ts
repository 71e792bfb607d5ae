import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aRun, patches, posts } from "../testing/builders/langsmithBuilders.ts";
import { aPlace, startCollectorProcess } from "../testing/collectorProcess.ts";
import { startTestStore, type TestStore } from "../testing/testStore.ts";
import { untilTrue, untilWritten } from "../testing/untilTrue.ts";

let store: TestStore;
beforeAll(async () => {
  store = await startTestStore();
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

async function send(url: string, form: Buffer): Promise<boolean> {
  const signal = AbortSignal.timeout(30_000);
  return fetch(`${url}/runs/multipart`, { method: "POST", body: new Uint8Array(form), signal }).then(
    ({ status }) => status === 202,
    () => false,
  );
}

test("killed again and again while posts and patches come in any order: every run is one whole span", async () => {
  await using place = await aPlace();
  const whole = new Set<string>();
  let isOver = false;

  /** Sends a form until it is acknowledged; false if the test ended before. */
  async function insist(form: Buffer): Promise<boolean> {
    while (!isOver) {
      if (await send(place.url, form)) return true;
      await sleep(10);
    }
    return false;
  }

  const senders = Array.from({ length: 4 }, async (_, sender) => {
    while (!isOver) {
      const runs = Array.from({ length: 3 }, () => aRun({ name: "killed" }));
      const forms = sender % 2 === 0 ? [posts(runs), patches(runs)] : [patches(runs), posts(runs)];
      let isWhole = true;
      for (const form of forms) isWhole = (await insist(form)) && isWhole;
      if (isWhole) for (const { id } of runs) whole.add(id);
    }
  });
  for (let kill = 0; kill < 6; kill += 1) {
    await using collector = startCollectorProcess(place, {
      CLICKHOUSE_URL: store.url,
      SIGNALBOX_COLLECTOR_SEGMENT_BYTES: "20000",
      SIGNALBOX_COLLECTOR_BATCH_AGE_MS: "30",
    });
    await collector.untilListening();
    const enough = whole.size + 60;
    await untilTrue(() => whole.size >= enough, 60_000);
    await collector.end("SIGKILL");
  }
  isOver = true;
  await Promise.all(senders);
  await using last = startCollectorProcess(place, { CLICKHOUSE_URL: store.url });
  await last.untilListening();
  await untilWritten(place.url, 60_000);
  const stored = await store.rows<{ id: string; whole: boolean }>(
    `SELECT attributes['langsmith.span.id'] AS id, status = 'ok' AND input_messages LIKE '%please%' AND output_messages LIKE '%done%' AS whole
    FROM spans FINAL WHERE name = 'killed'`,
  );
  const ids = stored.map(({ id }) => id);
  expect(ids.length).toBe(new Set(ids).size);
  const wholeIds = new Set(stored.flatMap((span) => (span.whole ? [span.id] : [])));
  expect([...whole].filter((id) => !wholeIds.has(id))).toEqual([]);
  expect(ids.length - whole.size).toBeLessThanOrEqual(4 * 3);
});
