import { memoryRunParts, memoryWorkspace } from "@signalbox/db/testing";
import { AppError } from "@signalbox/model";
import { expect, test } from "vitest";
import { formOf } from "../../../testing/builders/langsmithBuilders.ts";
import { someRules } from "../../../testing/someRules.ts";
import { startTestCollector } from "../../../testing/testCollector.ts";
import { turnsUntil } from "../../../testing/turnsUntil.ts";
import { writeExamples } from "./examples.ts";

const UNKNOWN = "00000000-0000-4000-8000-000000000000";

type Body = Record<string, unknown>;

/** Sends a request as a client does; returns the status and the JSON. */
async function ask(url: string, path: string, method = "GET", body?: Body | Buffer): Promise<{ status: number; json: Body & Body[] }> {
  const sent = body === undefined ? {} : { body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body) };
  const answer = await fetch(`${url}${path}`, { method, ...sent });
  return { status: answer.status, json: (await answer.json()) as Body & Body[] };
}

test.each(["", "/langsmith/api/v1"])("a session is created once per name, changed, and found at the base %j", async (base) => {
  await using collector = await startTestCollector();
  const url = `${collector.url}${base}`;
  const created = await ask(url, "/sessions", "POST", {
    name: "try 1",
    description: null,
    extra: { metadata: { model: "m" } },
    num_examples: 3,
  });
  expect(created).toMatchObject({ status: 200, json: { name: "try 1", reference_dataset_id: null, num_examples: 3 } });
  expect(created.json).toMatchObject({ id: expect.any(String), tenant_id: expect.any(String), start_time: expect.any(String) });
  expect((await ask(url, "/sessions", "POST", { name: "try 1" })).status).toBe(409);
  expect(await ask(url, "/sessions?upsert=true", "POST", { name: "try 1" })).toMatchObject({ status: 200, json: { id: created.json.id } });

  const change = { name: null, end_time: "2026-11-26T06:00:00Z", extra: { metadata: { dataset_version: "v" } } };
  const changed = await ask(url, `/sessions/${created.json.id}`, "PATCH", change);
  expect(changed.json).toMatchObject({
    name: "try 1",
    end_time: change.end_time,
    extra: { metadata: { model: "m", dataset_version: "v" } },
  });
  expect((await ask(url, `/sessions/${created.json.id}`)).json).toEqual(changed.json);
  expect((await ask(url, "/sessions?limit=1&offset=0&name=try%201")).json).toEqual([changed.json]);
  expect((await ask(url, "/sessions?name=other")).json).toEqual([]);
});

test("a dataset's examples keep their order, are changed one by one, and listed page by page", async () => {
  await using collector = await startTestCollector();
  const { url } = collector;
  const dataset = (await ask(url, "/datasets", "POST", { name: "questions", description: "d" })).json;
  expect(dataset).toMatchObject({ name: "questions", data_type: "kv", created_at: expect.any(String) });
  const path = `/v1/platform/datasets/${dataset.id}/examples`;
  const ids = [1, 2, 3].map((index) => `01a2166c-f4c5-7000-8000-00000000000${index}`);
  const written = ids.flatMap((id, index) => [
    { name: id, text: '{"metadata":{"a":1}}' },
    { name: `${id}.inputs`, text: `{"n":${index}}` },
    { name: `${id}.outputs`, text: "{}" },
  ]);
  expect((await ask(url, path, "POST", formOf(written))).json).toEqual({ count: 3, example_ids: ids });
  const change = formOf([{ name: `${ids[1]}.outputs`, text: '{"answer":"yes"}' }]);
  expect((await ask(url, path.replace("/v1", ""), "PATCH", change)).json).toEqual({ count: 1, example_ids: [ids[1]] });

  const listed = (await ask(url, `/examples?dataset=${dataset.id}&inline_s3_urls=true&offset=0&limit=100`)).json;
  expect(listed.map(({ id, dataset_id, inputs, outputs, metadata }) => ({ id, dataset_id, inputs, outputs, metadata }))).toEqual(
    ids.map((id, index) => {
      const outputs = index === 1 ? { answer: "yes" } : {};
      return { id, dataset_id: dataset.id, inputs: { n: index }, outputs, metadata: { a: 1 } };
    }),
  );
  expect((await ask(url, `/examples?dataset=${dataset.id}&offset=2&limit=2`)).json.map(({ id }) => id)).toEqual([ids[2]]);
  expect((await ask(url, `/examples/${ids[1]}`)).json).toEqual(listed[1]);
  expect((await ask(url, "/datasets?limit=1&name=questions")).json).toEqual([dataset]);
  expect((await ask(url, `/datasets/${dataset.id}?limit=1`)).json).toEqual(dataset);
});

test.each<[string, object]>([
  ["as it comes", {}],
  ["redacted", { attributes: ["secret"] }],
])("a field named __proto__ is kept and is a field like any other: %s", async (_name, redaction) => {
  await using collector = await startTestCollector({}, undefined, { ruleSource: someRules(redaction) });
  const { url } = collector;
  const { id } = (await ask(url, "/datasets", "POST", { name: "odd" })).json;
  const example = "01a2166c-f4c5-7000-8000-000000000001";
  const form = formOf([
    { name: example, text: '{"__proto__":{"split":"x"},"metadata":{"__proto__":{"a":1}}}' },
    { name: `${example}.inputs`, text: '{"__proto__":{"n":2}}' },
  ]);
  expect((await ask(url, `/platform/datasets/${id}/examples`, "POST", form)).status).toBe(200);
  const { json } = await ask(url, `/examples/${example}`);
  const own = (value: unknown): unknown => Object.getOwnPropertyDescriptor(value, "__proto__")?.value;
  expect([own(json), own(json.metadata), own(json.inputs)]).toEqual([{ split: "x" }, { a: 1 }, { n: 2 }]);
  expect(json.split).toBeUndefined();
});

test.each([
  ["an unknown session", "GET", `/sessions/${UNKNOWN}`, undefined, 404],
  ["a change of an unknown session", "PATCH", `/sessions/${UNKNOWN}`, { name: "x" }, 404],
  ["examples for an unknown dataset", "POST", `/platform/datasets/${UNKNOWN}/examples`, formOf([]), 404],
  ["a dataset without a name", "POST", "/datasets", { name: "" }, 400],
  ["what is no JSON", "POST", "/datasets", Buffer.from("{"), 400],
  ["a narrowing that we do not know", "GET", "/examples?metadata=test", undefined, 400],
  ["a page that is none", "GET", "/datasets?limit=many", undefined, 400],
  ["a session with more than a mebibyte", "POST", "/sessions", { name: "x".repeat(1_100_000) }, 413],
  ["an id that is none", "GET", "/datasets/1", undefined, 404],
] as const)("%s is refused with a status of its own", async (_name, method, path, body, status) => {
  await using collector = await startTestCollector();
  expect(await ask(collector.url, path, method, body)).toMatchObject({ status, json: { message: expect.any(String) } });
});

test("an example with a part that cannot be stored is refused whole, and nothing of it is kept", async () => {
  await using collector = await startTestCollector();
  const { json: dataset } = await ask(collector.url, "/datasets", "POST", { name: "d" });
  const form = formOf([
    { name: `${UNKNOWN}.inputs`, text: "{}" },
    { name: `${UNKNOWN}.attachment.image`, text: "…" },
  ]);
  const refused = await ask(collector.url, `/platform/datasets/${dataset.id}/examples`, "POST", form);
  expect(refused).toMatchObject({ status: 400, json: { message: expect.stringContaining("attachment.image") } });
  expect((await ask(collector.url, `/examples?dataset=${dataset.id}`)).json).toEqual([]);
});

test("20 MiB of examples are read and stored in slices, with turns for other requests in between", async () => {
  const workspace = memoryWorkspace();
  const request = { project: "default", tenantId: "", id: UNKNOWN, query: new URLSearchParams() };
  const at = { createdAt: new Date(0), updatedAt: new Date(0) };
  await workspace.put({ project: "default", kind: "dataset", id: UNKNOWN, name: "d", body: {}, ...at });
  const kept: number[] = [];
  const store: typeof workspace = {
    ...workspace,
    putExamples(project, datasetId, batches) {
      kept.push(...batches.map((examples) => JSON.stringify(examples).length));
      return workspace.putExamples(project, datasetId, batches);
    },
  };
  const text = JSON.stringify({ question: "to be or not to be ".repeat(1_100) });
  const ids = Array.from({ length: 1_000 }, (_, index) => `01a2166c-f4c5-7000-8000-${String(index).padStart(12, "0")}`);
  const body = formOf(ids.flatMap((id) => [{ name: `${id}.inputs`, text }]));
  const answer = writeExamples({ store, clock: Date.now })({ ...request, body });
  expect(await turnsUntil(answer)).toBeGreaterThan(10);
  expect(await answer).toEqual({ count: 1_000, example_ids: ids });
  expect(Math.max(...kept)).toBeLessThan(1.2 * 1024 * 1024);
  const listed = await store.list({ project: "default", kind: "example", parent: UNKNOWN, limit: 1_000, offset: 0 });
  expect(listed.map(({ id }) => id)).toEqual(ids);
  expect(listed.at(-1)?.body).toEqual({ inputs: JSON.parse(text) });
});

test("when the store fails, the client is told to retry", async () => {
  const workspace = {
    ...memoryWorkspace(),
    list: () => Promise.reject(new AppError("upstream_unavailable", "The telemetry store does not answer.")),
  };
  await using collector = await startTestCollector({}, undefined, { runParts: memoryRunParts(), workspace });
  expect(await ask(collector.url, "/datasets")).toMatchObject({ status: 503, json: { message: "The telemetry store does not answer." } });
});
