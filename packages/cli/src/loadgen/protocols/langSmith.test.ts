import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { FORM_BOUNDARY, LangSmithTemplate } from "../templates/langSmithTemplate.ts";
import type { Payload } from "../templates/payload.ts";
import { RequestTemplates } from "../templates/requestTemplates.ts";
import { openLangSmith } from "./langSmith.ts";

const PAYLOAD: Payload = {
  form: "langsmith",
  seed: 7,
  spansPerTrace: 5,
  spansPerRequest: 10,
  bytesPerSpan: 2_648,
  dialects: ["otel"],
  templates: 4,
};
const NOW = Date.UTC(2026, 10, 23);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/;

interface Run {
  id: string;
  trace_id: string;
  parent_run_id?: string;
  dotted_order: string;
  start_time: string;
  end_time: string;
}

async function partsOf(body: Buffer): Promise<[string, string][]> {
  const headers = { "content-type": `multipart/form-data; boundary=${FORM_BOUNDARY}` };
  const form = await new Response(Buffer.from(body), { headers }).formData();
  return [...form].map(([name, content]) => [name, String(content)]);
}

/** The runs of consecutive requests. */
async function sentRuns(requests: number): Promise<Run[]> {
  const templates = new RequestTemplates(PAYLOAD, (payload, number) => new LangSmithTemplate(payload, number));
  const runs: Run[] = [];
  for (let sent = 0; sent < requests; sent++) {
    const request = templates.take(NOW);
    const parts = await partsOf(request.body);
    runs.push(...parts.filter(([name]) => name.split(".").length === 2).map(([, json]): Run => JSON.parse(json)));
    templates.release(request);
  }
  return runs;
}

test("however often the pool is sent again, every run has its own id, and every trace one root that the others hang on", async () => {
  const runs = await sentRuns(12);
  expect(new Set(runs.map(({ id }) => id)).size).toBe(120);
  for (const { id } of runs) expect(id).toMatch(UUID);
  const traces = Map.groupBy(runs, ({ trace_id }) => trace_id);
  expect(traces.size).toBe(24);
  for (const [traceId, [root, ...others]] of traces) {
    expect(root).toMatchObject({ id: traceId });
    expect(root).not.toHaveProperty("parent_run_id");
    for (const { parent_run_id } of others) expect(parent_run_id).toBe(traceId);
  }
});

test("a run's order is that of its parent and its own start and id", async () => {
  const runs = await sentRuns(4);
  const byId = new Map(runs.map((run) => [run.id, run]));
  for (const { id, parent_run_id, dotted_order, start_time, end_time } of runs) {
    const own = `${start_time.replace(/[-:.]/g, "")}${id}`;
    const above = parent_run_id === undefined ? "" : `${byId.get(parent_run_id)?.dotted_order}.`;
    expect(dotted_order).toBe(above + own);
    expect(Date.parse(end_time)).toBeGreaterThanOrEqual(Date.parse(start_time));
    expect(Date.parse(end_time)).toBeLessThanOrEqual(NOW);
  }
});

test("a run takes the bytes that were asked for, in four parts", async () => {
  const { body } = new LangSmithTemplate(PAYLOAD, 0);
  expect(Math.abs(body.length / 10 - 2_648)).toBeLessThan(10);
  const parts = await partsOf(body);
  expect(parts).toHaveLength(40);
  for (const [, json] of parts) JSON.parse(json);
});

test("runs are posted to where the API takes forms; a batch that the server has no room for is sent again", async () => {
  const taken: { url: string | undefined; key: string | undefined; parts: number }[] = [];
  const answers = [202, 429, 422];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    taken.push({ url: request.url, key: request.headers["x-api-key"]?.toString(), parts: (await partsOf(body)).length });
    response.writeHead(answers.shift() ?? 202).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  {
    using connection = openLangSmith(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/langsmith/api/v1`), {
      "x-api-key": "key",
    });
    const { body } = new LangSmithTemplate(PAYLOAD, 0);
    expect(await connection.send(body)).toEqual({ kind: "acknowledged", rejected: 0 });
    expect(await connection.send(body)).toMatchObject({ kind: "refused", code: "429", isRetryable: true });
    expect(await connection.send(body)).toMatchObject({ kind: "refused", code: "422", isRetryable: false });
  }
  server.close();
  expect(taken[0]).toEqual({ url: "/langsmith/api/v1/runs/multipart", key: "key", parts: 40 });
});
