import { gzipSync, zstdCompressSync } from "node:zlib";
import type { RunPartStore } from "@signalbox/db/clickhouse";
import { memoryRunParts, memoryWorkspace, rowsOfInsert } from "@signalbox/db/testing";
import { expect, test } from "vitest";
import { aRun, formOf, patches, posts } from "../../testing/builders/langsmithBuilders.ts";
import { aSpan, tracesRequest } from "../../testing/builders/otlpBuilders.ts";
import { startTestCollector } from "../../testing/testCollector.ts";
import { untilWritten } from "../../testing/untilTrue.ts";

const JSON_TYPE = "application/json";
const FORM_TYPE = "multipart/form-data; boundary=----LangSmithFormBoundarytest";

type TestCollector = Awaited<ReturnType<typeof startTestCollector>>;

function send(url: string, body: string | Uint8Array, headers: Record<string, string> = {}, method = "POST"): Promise<Response> {
  const bytes = typeof body === "string" ? body : new Uint8Array(body);
  return fetch(url, { method, body: bytes, headers: { "content-type": typeof body === "string" ? JSON_TYPE : FORM_TYPE, ...headers } });
}

async function rowsOf({ stored, url }: TestCollector, table: string): Promise<Record<string, unknown>[]> {
  await untilWritten(url);
  return stored.filter((some) => some.table === table).flatMap(({ rows }) => rows);
}

const namesOf = async (collector: TestCollector): Promise<unknown[]> => (await rowsOf(collector, "spans")).map(({ name }) => name);

test.each(["", "/langsmith/api/v1"])(
  "what a client asks first at the base %j: compression, portions, a version without warnings",
  async (base) => {
    await using collector = await startTestCollector();
    const answer = await fetch(`${collector.url}${base}/info`);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      {
        version: "0.18.0",
        instance_flags: expect.objectContaining({ gzip_body_enabled: true, zstd_compression_enabled: true }),
        batch_ingest_config: {
          use_multipart_endpoint: true,
          size_limit: expect.any(Number),
          size_limit_bytes: expect.any(Number),
          scale_up_qsize_trigger: expect.any(Number),
          scale_up_nthreads_limit: expect.any(Number),
          scale_down_nempty_trigger: expect.any(Number),
        },
      },
    ]);
  },
);

test.each([
  ["as it is", (body: Buffer) => body, {}],
  ["in gzip", gzipSync, { "content-encoding": "gzip" }],
  ["in zstd", zstdCompressSync, { "content-encoding": "zstd" }],
] as const)("a form %s is acknowledged and kept", async (_name, compress, headers) => {
  await using collector = await startTestCollector();
  const runs = [aRun({ name: "one" }), aRun({ name: "two" })];
  const answer = await send(`${collector.url}/runs/multipart`, compress(posts(runs)), headers);
  expect([answer.status, await answer.json()]).toEqual([202, {}]);
  expect(await namesOf(collector)).toEqual(["one", "two"]);
});

test("a batch, a single run, its patch and feedback are accepted at either base URL", async () => {
  for (const base of ["", "/langsmith/api/v1"]) {
    await using collector = await startTestCollector();
    const [batched, single] = [aRun({ name: "batched" }), aRun({ name: "single" })];
    const url = `${collector.url}${base}`;
    const { id, ...patch } = single.patch;
    const feedback = { id: "1", run_id: single.id, trace_id: single.traceId, key: "liked", score: 1, feedback_source: { type: "app" } };
    const answers = [
      await send(`${url}/runs/batch`, JSON.stringify({ post: [batched.post], patch: [batched.patch] })),
      await send(`${url}/runs`, JSON.stringify(single.post)),
      await send(`${url}/runs/${id}`, JSON.stringify(patch), {}, "PATCH"),
      await send(`${url}/feedback`, JSON.stringify(feedback)),
    ];
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    const spans = new Map((await rowsOf(collector, "spans")).map(({ name, status }) => [name, status]));
    expect(spans).toEqual(
      new Map([
        ["batched", "ok"],
        ["single", "ok"],
      ]),
    );
    expect(await rowsOf(collector, "scores")).toMatchObject([{ name: "liked", value: 1, label: "", explanation: "", scorer: "app" }]);
  }
});

test("spans of LangSmith's OpenTelemetry mode are handled like any OTLP", async () => {
  await using collector = await startTestCollector();
  for (const base of ["", "/langsmith/api/v1"]) {
    const answer = await send(`${collector.url}${base}/otel/v1/traces`, JSON.stringify(tracesRequest([aSpan({ name: "otel" })])));
    expect([answer.status, await answer.json()]).toEqual([200, {}]);
  }
  expect(await namesOf(collector)).toEqual(["otel", "otel"]);
});

test("an unreadable part is reported, counted and kept; the rest of its request is stored", async () => {
  await using collector = await startTestCollector();
  const run = aRun();
  const form = formOf([
    { name: `post.${run.id}`, text: JSON.stringify(run.post) },
    { name: `post.${run.id}.outputs`, text: "{" },
  ]);
  const answer = await send(`${collector.url}/runs/multipart`, form);
  expect([answer.status, await answer.json()]).toEqual([202, { message: expect.stringContaining("1 rejected") }]);
  expect(await namesOf(collector)).toEqual(["step"]);
  expect(await rowsOf(collector, "rejected")).toMatchObject([
    { source: "langsmith", reason: expect.stringContaining(".outputs"), record: "{" },
  ]);
  const metrics = await (await fetch(`${collector.url}/metrics`)).text();
  expect(metrics).toContain('records_rejected_total{project="default",source="langsmith",reason="unreadable_part"} 1');
  expect(metrics).toContain('requests_total{source="langsmith",status="202"} 1');
});

test.each([
  ["no form", "/runs/multipart", "{}", {}, 400],
  ["no JSON", "/runs/batch", "{", {}, 400],
  ["a list where an object belongs", "/runs/batch", '{"post":{}}', {}, 400],
  ["no zstd", "/runs/multipart", "{}", { "content-encoding": "zstd" }, 400],
  ["another compression", "/runs/multipart", "{}", { "content-encoding": "br" }, 415],
  ["a zstd bomb", "/runs/multipart", zstdCompressSync(Buffer.alloc(70_000_000)), { "content-encoding": "zstd" }, 413],
  ["a gzip bomb to a single run", "/runs", gzipSync(Buffer.alloc(70_000_000)), { "content-encoding": "gzip" }, 413],
] as const)("%s is refused, and nothing is kept", async (_name, path, body, headers, status) => {
  await using collector = await startTestCollector();
  const answer = await send(`${collector.url}${path}`, body, headers);
  expect([answer.status, await answer.json()]).toEqual([status, { code: expect.any(Number), message: expect.any(String) }]);
  expect(await (await fetch(`${collector.url}/metrics`)).text()).toContain("signalbox_collector_journaled_bytes_total 0");
});

test("when the store falls behind, the client is told to retry, and acknowledged records are not dropped", async () => {
  let isStoreUp = false;
  const rows: unknown[] = [];
  await using collector = await startTestCollector({ bytesMax: 20_000 }, async (insert) => {
    if (!isStoreUp) return { kind: "unavailable", reason: "it is down" };
    if (insert.table === "spans") rows.push(...rowsOfInsert(insert));
    return { kind: "stored" };
  });
  let acknowledged = 0;
  let answer = await send(`${collector.url}/runs/multipart`, patches([aRun()]));
  for (; answer.status === 202; answer = await send(`${collector.url}/runs/multipart`, patches([aRun()]))) acknowledged += 1;
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
  isStoreUp = true;
  await untilWritten(collector.url);
  expect(rows).toHaveLength(acknowledged);
});

test("a run posted without an id is stored, and is still one run when it is sent again", async () => {
  await using collector = await startTestCollector();
  const run = JSON.stringify({ name: "nameless", run_type: "llm", start_time: Date.now(), inputs: { input: "Hi" } });
  for (const _ of [1, 2]) expect(await (await send(`${collector.url}/runs`, run)).json()).toEqual({});
  const ids = (await rowsOf(collector, "spans")).map((row) => row[2]);
  expect(new Set(ids).size).toBe(1);
});

test("while the parts of runs cannot be kept or read, runs wait in the journal; then they are stored", async () => {
  const parts = memoryRunParts();
  let failures = 0;
  const isDown = (): boolean => {
    failures += 1;
    return failures < 4;
  };
  const runParts: RunPartStore = {
    insert: (some, token) => (isDown() ? Promise.reject(new Error("down")) : parts.insert(some, token)),
    read: (project, ids) => (isDown() ? Promise.reject(new Error("down")) : parts.read(project, ids)),
  };
  await using collector = await startTestCollector({}, undefined, { runParts, workspace: memoryWorkspace() });
  expect((await send(`${collector.url}/runs/multipart`, posts([aRun({ name: "patient" })]))).status).toBe(202);
  expect(await namesOf(collector)).toEqual(["patient"]);
  expect(failures).toBeGreaterThan(4);
});
