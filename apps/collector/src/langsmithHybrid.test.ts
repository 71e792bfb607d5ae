import { afterAll, beforeAll, expect, test } from "vitest";
import { aRun, patches, posts, spanOf, spansRequest, type TestRun } from "./testing/langsmithBuilders.ts";
import { aSpan, type SpanJson } from "./testing/otlpBuilders.ts";
import { someRules } from "./testing/someRules.ts";
import { startTestCollector } from "./testing/testCollector.ts";
import { startTestStore, type TestStore } from "./testing/testStore.ts";
import { untilWritten } from "./testing/untilTrue.ts";

let store: TestStore;
beforeAll(async () => {
  store = await startTestStore();
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
});

const OTEL_TRACE = "5".repeat(32);
const AROUND = "6".repeat(16);

async function startCollector(redaction: object = {}) {
  const collector = await startTestCollector({}, store.insert, { ...store.langsmith, ruleSource: someRules(redaction) });
  const send = async (path: string, body: Buffer | object): Promise<void> => {
    const isForm = Buffer.isBuffer(body);
    const answer = await fetch(`${collector.url}${path}`, {
      method: "POST",
      headers: isForm ? {} : { "content-type": "application/json" },
      body: isForm ? new Uint8Array(body) : JSON.stringify(body),
    });
    expect(answer.ok).toBe(true);
    await untilWritten(collector.url);
  };
  return {
    sendRuns: (body: Buffer) => send("/runs/multipart", body),
    sendSpans: (spans: readonly SpanJson[], scope?: string) => send("/otel/v1/traces", spansRequest(spans, scope)),
    [Symbol.asyncDispose]: () => collector[Symbol.asyncDispose](),
  };
}

type Collector = Awaited<ReturnType<typeof startCollector>>;

const hexOf = (uuid: string): string => uuid.replaceAll("-", "");

/** The spans of some names, as a reader sees them, in the order of their starts. */
const rowsNamed = (...names: string[]) =>
  store.rows<Record<string, unknown>>(
    `SELECT name, lower(hex(trace_id)) AS trace, status, kind, input_messages LIKE '%please%' AS hasInput, output_messages LIKE '%done%' AS hasOutput,
       toString(toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(start_time)) AS lasted, tags, links,
       resource_attributes['host.name'] AS host, attributes['till'] AS till
     FROM spans FINAL WHERE name IN (${names.map((name) => `'${name}'`).join(", ")}) ORDER BY start_time, name`,
  );

/** A run with a parent, and both as the spans that the client makes of them: in a trace of their own, inside a span of somebody else. */
function bothWays(name: string): { runs: [TestRun, TestRun]; spans: [SpanJson, SpanJson] } {
  const root = aRun({ name });
  const child = aRun({ name: `${name} step`, runType: "tool", startMs: Date.parse(String(root.post.start_time)) + 10, parent: root });
  const ids = { traceId: OTEL_TRACE, spanId: "7".repeat(16) };
  const spans: [SpanJson, SpanJson] = [
    spanOf(root, { ...ids, parentSpanId: AROUND }),
    spanOf(child, { ...ids, spanId: "8".repeat(16), parentSpanId: ids.spanId }),
  ];
  return { runs: [root, child], spans };
}

test.each<[string, (collector: Collector, both: ReturnType<typeof bothWays>) => Promise<void>]>([
  [
    "natively first",
    async ({ sendRuns, sendSpans }, { runs, spans }) => {
      await sendRuns(posts(runs));
      await sendRuns(patches(runs));
      await sendSpans(spans);
    },
  ],
  [
    "its end natively last",
    async ({ sendRuns, sendSpans }, { runs, spans }) => {
      await sendRuns(posts(runs));
      await sendSpans(spans);
      await sendRuns(patches(runs));
    },
  ],
  [
    "all of it twice, by turns",
    async ({ sendRuns, sendSpans }, { runs, spans }) => {
      for (let turn = 0; turn < 2; turn += 1) {
        await sendRuns(posts(runs));
        await sendRuns(patches(runs));
        await sendSpans(spans);
      }
    },
  ],
])("a run that comes both ways is one span, and whole: %s", async (order, inOrder) => {
  await using collector = await startCollector();
  const both = bothWays(`run ${order}`);
  await inOrder(collector, both);
  const [root, child] = both.runs;
  const common = { trace: hexOf(root.traceId), status: "ok", tags: ["beta"], host: "till-1", lasted: "249999000" };
  expect(await rowsNamed(`run ${order}`, `run ${order} step`)).toEqual([
    {
      ...common,
      ...{ name: `run ${order}`, kind: "chain", hasInput: 1, hasOutput: 1, till: "" },
      links: expect.stringContaining(AROUND),
    },
    { ...common, ...{ name: `run ${order} step`, kind: "tool", hasInput: 0, hasOutput: 0, till: "" }, links: "" },
  ]);
  expect(child.traceId).toBe(root.traceId);
});

test("what the native way lost is told by the other: end, outputs and attributes of its own", async () => {
  await using collector = await startCollector();
  const run = aRun({ name: "half told" });
  const span = spanOf(run);
  await collector.sendRuns(posts([run]));
  expect(await rowsNamed("half told")).toMatchObject([{ status: "unset", hasOutput: 0, lasted: "0" }]);
  await collector.sendSpans([{ ...span, attributes: [...span.attributes, { key: "till", value: { stringValue: "3" } }] }]);
  expect(await rowsNamed("half told")).toMatchObject([
    { trace: hexOf(run.traceId), status: "ok", hasInput: 1, hasOutput: 1, lasted: "249999000", till: "3" },
  ]);
});

test("a run that came over OpenTelemetry alone stays a span, as does one of another name, start, scope or project", async () => {
  await using collector = await startCollector();
  const run = aRun({ name: "known" });
  await collector.sendRuns(posts([run]));
  const startNs = BigInt(spanOf(run).startTimeUnixNano);
  await collector.sendSpans([spanOf(aRun({ name: "alone" })), spanOf(run, { name: "namesake" })]);
  await collector.sendSpans([spanOf(run, { startTimeUnixNano: String(startNs + 1_000n) })]);
  await collector.sendSpans([spanOf(run)], "somebody else's");
  expect((await rowsNamed("alone", "namesake")).map(({ name }) => name).sort()).toEqual(["alone", "namesake"]);
  const known = await rowsNamed("known");
  expect(known.filter(({ trace }) => trace === hexOf(run.traceId))).toHaveLength(1);
  expect(known).toHaveLength(3);
});

test("in a request with runs that are known the others go on, and what is faulty is rejected", async () => {
  await using collector = await startCollector();
  const run = aRun({ name: "known in company" });
  await collector.sendRuns(posts([run]));
  await collector.sendSpans([spanOf(run), aSpan({ name: "company" }), spanOf(run, { traceId: "00" })]);
  expect(await rowsNamed("known in company")).toMatchObject([{ trace: hexOf(run.traceId) }]);
  expect(await rowsNamed("company")).toHaveLength(1);
  expect(await store.rows("SELECT reason FROM rejected WHERE record LIKE '%known in company%'")).toHaveLength(1);
});

test("rules hold for what comes over OpenTelemetry", async () => {
  await using collector = await startCollector({ patterns: [{ name: "tills", pattern: "till-[0-9]" }] });
  const run = aRun({ name: "of till-7" });
  await collector.sendRuns(posts([run]));
  await collector.sendSpans([spanOf(run)]);
  expect(await rowsNamed("of till-7")).toEqual([]);
  expect(await rowsNamed("of [redacted: tills]")).toMatchObject([{ host: "[redacted: tills]", hasOutput: 1 }]);
  expect(await store.number("SELECT count() FROM run_parts WHERE operation = 'otel' AND body LIKE '%[redacted: tills]%'")).toBe(1);
  expect(await store.number("SELECT count() FROM run_parts WHERE body LIKE '%till-7%'")).toBe(0);
});
