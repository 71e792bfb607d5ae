import { afterAll, beforeAll, expect, test } from "vitest";
import { aRun, patches, posts, type TestRun } from "../testing/builders/langsmithBuilders.ts";
import { aSpan, attributes } from "../testing/builders/otlpBuilders.ts";
import { someRules } from "../testing/someRules.ts";
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

/** A run as an OpenTelemetry span that names it. */
function spanOf({ id, traceId, post }: TestRun) {
  const startNs = BigInt(Date.parse(String(post.start_time))) * 1_000_000n;
  const named = { "langsmith.span.id": id, "langsmith.trace.id": traceId, "langsmith.span.dotted_order": String(post.dotted_order) };
  const body = { "langsmith.span.kind": "chain", "gen_ai.prompt": "please", "gen_ai.completion": "done" };
  const times = { startTimeUnixNano: String(startNs + 744n), endTimeUnixNano: String(startNs + 250_000_000n) };
  return aSpan({ name: String(post.name), ...times, attributes: attributes({ ...named, ...body }) });
}

async function startCollector(redaction: object = {}, sampling: object = {}) {
  const collector = await startTestCollector({}, store.insert, { ...store.langsmith, ruleSource: someRules(redaction, sampling) });
  const send = async (path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Promise<void> => {
    expect((await fetch(`${collector.url}${path}`, { method: "POST", headers, body })).ok).toBe(true);
    await untilWritten(collector.url);
  };
  return {
    natively: async (runs: readonly TestRun[]) => {
      for (const form of [posts(runs), patches(runs)]) await send("/runs/multipart", new Uint8Array(form));
    },
    overOtel: (spans: ReturnType<typeof aSpan>[]) =>
      send("/otel/v1/traces", JSON.stringify({ resourceSpans: [{ scopeSpans: [{ scope: { name: "langsmith" }, spans }] }] }), {
        "content-type": "application/json",
      }),
    [Symbol.asyncDispose]: () => collector[Symbol.asyncDispose](),
  };
}

const rowsNamed = (name: string) =>
  store.rows<{ trace: string; source: string; hasOutput: number; run: string }>(
    `SELECT lower(hex(trace_id)) AS trace, source, output_messages LIKE '%done%' AS hasOutput, attributes['langsmith.span.id'] AS run
    FROM spans FINAL WHERE name = '${name}' ORDER BY start_time`,
  );

test.each(["natively", "over OpenTelemetry"])("a run and a span that names it are one row, whichever comes last: %s", async (last) => {
  await using collector = await startCollector();
  const root = aRun({ name: `root ${last}` });
  const child = aRun({ name: `child ${last}`, parent: root });
  const steps = [() => collector.natively([root, child]), () => collector.overOtel([spanOf(root), spanOf(child)])];
  if (last === "natively") steps.reverse();
  for (const step of steps) await step();
  const traceId = root.traceId.replaceAll("-", "");
  const row = { trace: traceId, source: last === "natively" ? "langsmith" : "langsmith_otel", hasOutput: 1 };
  expect(await rowsNamed(`root ${last}`)).toMatchObject([row]);
  expect(await rowsNamed(`child ${last}`)).toMatchObject([row]);
  const orphans = `SELECT count() FROM spans FINAL WHERE trace_id = unhex('${traceId}')
    AND parent_span_id != toFixedString('', 8) AND parent_span_id NOT IN (SELECT span_id FROM spans WHERE trace_id = unhex('${traceId}'))`;
  expect(await store.number(orphans)).toBe(0);
});

test("a rule that redacts the names of runs does not change their identity", async () => {
  await using collector = await startCollector({ attributes: ["langsmith.span.id", "langsmith.trace.id", "langsmith.span.dotted_order"] });
  const run = aRun({ name: "unnamed" });
  await collector.natively([run]);
  await collector.overOtel([spanOf(run)]);
  expect(await rowsNamed("unnamed")).toMatchObject([
    { trace: run.traceId.replaceAll("-", ""), source: "langsmith_otel", run: expect.stringContaining("redacted") },
  ]);
});

test("both reports of a run are in the sample, or neither is", async () => {
  await using collector = await startCollector({}, { headShare: 0.5 });
  const runs = Array.from({ length: 40 }, (_, index) => aRun({ name: `shared ${index}` }));
  await collector.natively(runs);
  const kept = await store.rows("SELECT name FROM spans FINAL WHERE name LIKE 'shared %' AND source = 'langsmith' ORDER BY name");
  await collector.overOtel(runs.map(spanOf));
  expect(kept.length).toBeGreaterThan(5);
  expect(kept.length).toBeLessThan(35);
  expect(await store.rows("SELECT name FROM spans FINAL WHERE name LIKE 'shared %' AND source = 'langsmith_otel' ORDER BY name")).toEqual(
    kept,
  );
  expect(await store.number("SELECT count() FROM spans FINAL WHERE name LIKE 'shared %'")).toBe(kept.length);
});

test("a span that names a run at an impossible time and a faulty span do not affect each other", async () => {
  await using collector = await startCollector();
  const run = aRun({ name: "timely" });
  const named = spanOf(run);
  const order = `19700101T000000000000Z${run.id}`;
  const early = { ...named, attributes: attributes({ "langsmith.span.id": run.id, "langsmith.span.dotted_order": order }) };
  await collector.overOtel([{ ...spanOf(run), traceId: "00" }, early]);
  expect(await rowsNamed("timely")).toMatchObject([{ trace: early.traceId }]);
  expect(await store.number("SELECT count() FROM rejected WHERE record LIKE '%timely%'")).toBe(1);
});
