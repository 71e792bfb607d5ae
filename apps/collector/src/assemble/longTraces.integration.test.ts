import { mulberry32 } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aRun, patches, posts, type TestRun } from "../testing/builders/langsmithBuilders.ts";
import { startTestCollector } from "../testing/testCollector.ts";
import { startTestStore, type TestStore } from "../testing/testStore.ts";
import { untilWritten } from "../testing/untilTrue.ts";

let store: TestStore;
beforeAll(async () => {
  store = await startTestStore();
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

async function sendAll(url: string, bodies: readonly Buffer[]): Promise<void> {
  for (const body of bodies) {
    const answer = await fetch(`${url}/runs/multipart`, { method: "POST", body: new Uint8Array(body) });
    expect(answer.status).toBe(202);
  }
}

/** Splits runs into requests of at most `runsMax` each. */
function inRequests(runs: readonly TestRun[], runsMax: number, formOf: (some: readonly TestRun[]) => Buffer): Buffer[] {
  return Array.from({ length: Math.ceil(runs.length / runsMax) }, (_, index) => formOf(runs.slice(index * runsMax, (index + 1) * runsMax)));
}

test("a trace of 25,000 runs is whole, though its patches and posts come in any order", async () => {
  await using collector = await startTestCollector({ batchBytes: 4_000_000 }, store.insert, store.langsmith);
  const startMs = Date.now() - 60_000;
  const root = aRun({ name: "root", startMs });
  const runs = [
    root,
    ...Array.from({ length: 24_999 }, (_, index) => aRun({ name: `run ${index}`, startMs: startMs + index, parent: root })),
  ];
  const random = mulberry32(7);
  const bodies = [...inRequests(runs, 100, posts), ...inRequests(runs, 100, patches)];
  await sendAll(
    collector.url,
    bodies
      .map((body) => ({ body, place: random() }))
      .toSorted((a, b) => a.place - b.place)
      .map(({ body }) => body),
  );
  await untilWritten(collector.url, 180_000);
  const [row] = await store.rows(
    `SELECT count() AS spans, uniqExact(span_id) AS ids, uniqExact(name) AS names, countIf(parent_span_id = toFixedString('', 8)) AS roots,
      countIf(status = 'ok' AND input_messages LIKE '%please%' AND output_messages LIKE '%done%' AND tags = ['beta']) AS whole
    FROM spans FINAL WHERE trace_id = unhex('${root.traceId.replaceAll("-", "")}')`,
  );
  expect(row).toEqual({ spans: "25000", ids: "25000", names: "25000", roots: "1", whole: "25000" });
  expect(await store.number("SELECT count() FROM rejected")).toBe(0);
});
