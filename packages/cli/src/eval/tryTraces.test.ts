import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type EvalResult, EvalRun, SamplingRules } from "@signalbox/model";
import { expect, test } from "vitest";
import { ServiceClient } from "../import/serviceClient.ts";
import { lostTracesText, openTryTraces } from "./tryTraces.ts";

const RUN = EvalRun.parse({
  ...{ project: "p", name: "r", dataset: "d@1", datasetHash: "0".repeat(64), items: 1, target: "cat", scorers: [{ name: "exact" }] },
  ...{ trials: 1, unitKey: null, concurrency: 1, ratePerSecond: null, timeoutMs: 1_000 },
  ...{ id: "0192f0c1-2345-7abc-8def-0123456789ab", actor: "ann", createdAt: "2026-11-27T04:00:00.000Z" },
  ...{ endedAt: null, note: null, finished: 0, failed: 0 },
});

const RESULT: EvalResult = {
  ...{ position: 0, itemId: "i", trial: 0, unit: "i", state: "answered", input: "a", expected: "a", output: "a", error: null },
  ...{ scores: [], traceId: "c".repeat(32), latencyMs: 1, costUsd: null, tokens: null },
};

/** A collector that answers traces with these statuses in turn. */
async function aCollector(...statuses: number[]) {
  const bodies: string[] = [];
  const keys: unknown[] = [];
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).join("");
    if (request.url !== "/v1/traces") return void response.end();
    bodies.push(body);
    keys.push(request.headers.authorization);
    response.writeHead(statuses[bodies.length - 1] ?? 200).end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
  };
  const collectorUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const patience = { patienceMs: 10_000, signal: new AbortController().signal };
  const collector = new ServiceClient("collector", collectorUrl, patience, async () => `key ${keys.length + 1}`);
  return { collectorUrl, collector, bodies, keys, [Symbol.asyncDispose]: close };
}

test("a collector that is away for a moment gets the same span again", async () => {
  await using collector = await aCollector(503, 200);
  const traces = await openTryTraces(collector, RUN);
  await traces?.send(RESULT);
  expect(collector.bodies).toHaveLength(2);
  expect(collector.bodies[1]).toBe(collector.bodies[0]);
});

test("a span comes with the key of the moment", async () => {
  await using collector = await aCollector();
  const traces = await openTryTraces(collector, RUN);
  await traces?.send(RESULT);
  await traces?.send(RESULT);
  expect(collector.keys).toEqual(["Bearer key 1", "Bearer key 2"]);
});

test.each([
  [400, "invalid_input"],
  [401, "unauthenticated"],
  [403, "forbidden"],
])("one that answers a span with %i ends the run with a reason", async (status, code) => {
  await using collector = await aCollector(status);
  const traces = await openTryTraces(collector, RUN);
  await expect(traces?.send(RESULT)).rejects.toMatchObject({ code, message: expect.stringContaining("The collector refused") });
});

test("sampling that leaves traces out is warned of", () => {
  expect(lostTracesText("shop", SamplingRules.parse({}))).toBeUndefined();
  for (const rules of [{ headShare: 0.5 }, { tail: {} }])
    expect(lostTracesText("shop", SamplingRules.parse(rules))).toContain("a link that leads nowhere");
});
