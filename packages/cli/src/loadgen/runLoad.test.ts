import { expect, test } from "vitest";
import { Disorder } from "./disorder.ts";
import { closedLoop } from "./pace.ts";
import type { LoadConnection, SendOutcome } from "./protocols/connection.ts";
import { newTally, runLoad } from "./runLoad.ts";
import { seededRandom } from "./spans/seededRandom.ts";
import { OtlpTemplate } from "./templates/otlpTemplate.ts";
import type { PatchedRequest } from "./templates/requestTemplates.ts";
import { RequestTemplates } from "./templates/requestTemplates.ts";

const ACKNOWLEDGED: SendOutcome = { kind: "acknowledged", rejected: 0 };
const refused = (code: string, isRetryable: boolean): SendOutcome => ({ kind: "refused", code, isRetryable, retryAfterMs: 1 });

/** Sends `requestsMax` requests of two spans to a server with the given answers, and records what it received. */
async function load(answer: (body: string, times: number) => SendOutcome, { requestsMax = 20, disorder = 0, updates = 0 } = {}) {
  const templates = new RequestTemplates(
    { form: "otlp", seed: 1, spansPerTrace: 2, spansPerRequest: 2, bytesPerSpan: 668, dialects: ["otel"], templates: 60 },
    (payload, number) => new OtlpTemplate(payload, number),
  );
  const times = new Map<string, number>();
  const bodies: string[] = [];
  const acknowledged: PatchedRequest["number"][] = [];
  const openConnection = (): LoadConnection => ({
    async send(bytes) {
      const body = Buffer.from(bytes).toString("hex");
      bodies.push(body);
      times.set(body, (times.get(body) ?? 0) + 1);
      return answer(body, times.get(body) ?? 0);
    },
    [Symbol.dispose]: () => {},
  });
  const tally = newTally();
  const clock = () => performance.now();
  const order = new Disorder(disorder, seededRandom(5), updates);
  const options = { templates, openConnection, connections: 4, pace: closedLoop(clock), disorder: order, requestsMax, clock };
  await runLoad({ ...options, onAcknowledged: ({ number }) => acknowledged.push(number) }, tally, new AbortController().signal);
  return { tally, times, bodies, acknowledged };
}

test("every request is sent once and counted once", async () => {
  const { tally, times, acknowledged } = await load(() => ACKNOWLEDGED);
  expect(tally.requests).toEqual({ sent: 20, acknowledged: 20, sentAgain: 0, sentTwice: 0, updated: 0 });
  expect(tally.spans).toEqual({ acknowledged: 40, rejected: 0, unacknowledged: 0 });
  expect([times.size, new Set(acknowledged).size, tally.ackLatency.count]).toEqual([20, 20, 20]);
});

test("what a server refuses for now is sent again, the same bytes, until it is acknowledged", async () => {
  const { tally, times } = await load((_, attempt) => (attempt < 3 ? refused("503", true) : ACKNOWLEDGED));
  expect(tally.requests).toMatchObject({ sent: 20, acknowledged: 20, sentAgain: 40 });
  expect(tally.errors).toEqual({ 503: 40 });
  expect(new Set(times.values())).toEqual(new Set([3]));
  expect(tally.ackLatency.count).toBe(20);
});

test("a request that the server refuses for good is not sent again", async () => {
  const { tally, times } = await load(() => refused("400", false));
  expect(tally.requests).toMatchObject({ sent: 20, acknowledged: 0, sentAgain: 0 });
  expect(tally.spans).toEqual({ acknowledged: 0, rejected: 0, unacknowledged: 40 });
  expect(times.size).toBe(20);
});

test("spans that it rejects are no spans acknowledged", async () => {
  const { tally } = await load(() => ({ kind: "acknowledged", rejected: 1 }), { requestsMax: 3 });
  expect(tally.spans).toEqual({ acknowledged: 3, rejected: 3, unacknowledged: 0 });
});

test("in disorder some requests come late and some twice; each is acknowledged once", async () => {
  const { tally, bodies, times, acknowledged } = await load(() => ACKNOWLEDGED, { requestsMax: 200, disorder: 0.2 });
  expect(tally.requests).toMatchObject({ sent: 200, acknowledged: 200 });
  expect(new Set(acknowledged).size).toBe(200);
  expect(tally.requests.sentTwice).toBe([...times.values()].filter((count) => count === 2).length);
  expect(tally.requests.sentTwice).toBeGreaterThan(10);
  expect(bodies).toHaveLength(200 + tally.requests.sentTwice);
  expect(acknowledged).not.toEqual(acknowledged.toSorted((a, b) => a - b));
});

test("of the requests that were acknowledged some are updated: the same spans, once more, as they are later", async () => {
  const { tally, times, bodies, acknowledged } = await load(() => ACKNOWLEDGED, { requestsMax: 200, updates: 0.2 });
  expect(tally.requests).toMatchObject({ sent: 200, acknowledged: 200, sentTwice: 0 });
  expect(tally.requests.updated).toBeGreaterThan(10);
  expect(bodies).toHaveLength(200 + tally.requests.updated);
  expect(times.size).toBe(bodies.length);
  expect(acknowledged).toHaveLength(bodies.length);
  expect(new Set(acknowledged).size).toBe(200);
  expect(tally.spans.acknowledged).toBe(400);
});
