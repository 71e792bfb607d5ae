import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type EvalResult, EvalRun } from "@signalbox/model";
import { expect, test } from "vitest";
import { openTryTraces } from "./tryTraces.ts";

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

/** A collector that answers traces with these statuses, one after the other. */
async function aCollector(...statuses: number[]) {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).join("");
    if (request.url !== "/v1/traces") return void response.end();
    bodies.push(body);
    response.writeHead(statuses[bodies.length - 1] ?? 200).end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies, [Symbol.asyncDispose]: close };
}

test("a collector that is away for a moment gets the same span again", async () => {
  await using collector = await aCollector(503, 200);
  const traces = await openTryTraces(collector.url, RUN, new AbortController().signal);
  await traces?.send(RESULT);
  expect(collector.bodies).toHaveLength(2);
  expect(collector.bodies[1]).toBe(collector.bodies[0]);
});

test("one that refuses a span ends the run with a reason", async () => {
  await using collector = await aCollector(400);
  const traces = await openTryTraces(collector.url, RUN, new AbortController().signal);
  await expect(traces?.send(RESULT)).rejects.toMatchObject({ name: "AppError", message: expect.stringContaining("The collector refused") });
});
