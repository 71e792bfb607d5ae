import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { Worker } from "node:worker_threads";
import { pino } from "pino";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { Balancer, type BalancerOptions } from "./balancer.ts";
import { balancerMetrics } from "./balancerMetrics.ts";
import { callingAs } from "./caller.ts";
import { parseEndpoints } from "./endpoint.ts";
import { BALANCER_POLICY } from "./policy.ts";
import { evenly } from "./testing/evenly.ts";
import { openStubEndpoint } from "./testing/stubEndpoint.ts";

const CALL = { path: "/v1/language/understand", body: "{}", isRepeatable: true };

const words = (text: string) => (response: ServerResponse) => void response.end(text);
const says = (status: number) => (response: ServerResponse) => void response.writeHead(status).end();

async function aBalancer(urls: string[], options: Partial<BalancerOptions> = {}) {
  const balancer = await Balancer.open({
    ...{ service: "language", sources: parseEndpoints(urls.join(",")), log: pino({ level: "silent" }), random: evenly() },
    ...options,
  });
  return { balancer, [Symbol.asyncDispose]: () => balancer.close() };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test("calls reach every endpoint, with the answer of whichever it was", async () => {
  await using one = await openStubEndpoint(words("one"));
  await using other = await openStubEndpoint(words("other"));
  await using opened = await aBalancer([one.url, other.url]);
  const answers = await Promise.all(Array.from({ length: 40 }, () => opened.balancer.send(CALL)));
  expect(new Set(answers.map(({ text }) => text))).toEqual(new Set(["one", "other"]));
});

test("calls go where fewer wait, as the endpoints say", async () => {
  let asked = 0;
  const metrics = (): string => {
    asked += 1;
    return "vllm:num_requests_waiting 40";
  };
  await using busy = await openStubEndpoint(words("busy"), () => false, metrics);
  await using other = await openStubEndpoint(words("other"));
  const policy = { ...BALANCER_POLICY, timing: { ...BALANCER_POLICY.timing, reportEveryMs: 5 } };
  await using opened = await aBalancer([busy.url, other.url], { policy });
  // An endpoint is asked again only when its last report has arrived.
  await until(() => asked > 1);
  for (let index = 0; index < 20; index += 1) expect((await opened.balancer.send(CALL)).text).toBe("other");
});

test("when an endpoint dies no call is refused, and soon none goes there", async () => {
  await using one = await openStubEndpoint(words("one"));
  await using other = await openStubEndpoint(words("other"));
  await using opened = await aBalancer([one.url, other.url]);
  await one.kill();
  for (let index = 0; index < 20; index += 1) expect((await opened.balancer.send({ ...CALL, isRepeatable: false })).text).toBe("other");
  expect(opened.balancer.states.filter((state) => state.isEjected).map(({ url }) => url)).toEqual([one.url]);
});

test("an endpoint that takes calls and says nothing, not even of itself, is ejected by its silence", async () => {
  await using hung = await openStubEndpoint(
    () => {},
    () => true,
  );
  await using other = await openStubEndpoint(words("other"));
  await using opened = await aBalancer([hung.url, other.url]);
  await until(() => opened.balancer.states.some((state) => state.isEjected));
  for (let index = 0; index < 20; index += 1) expect((await opened.balancer.send(CALL)).text).toBe("other");
  expect(hung.calls()).toBe(0);
});

test("calls on their way to an endpoint that falls silent are made elsewhere, whatever the budget", async () => {
  let isHung = false;
  const answerUnless = (name: string) => (response: ServerResponse) => void (isHung && name === "one" ? undefined : response.end(name));
  await using one = await openStubEndpoint(answerUnless("one"), () => isHung);
  await using other = await openStubEndpoint(answerUnless("other"));
  const policy = { ...BALANCER_POLICY, retry: { share: 0, reserve: 0, triesMax: 3 } };
  await using opened = await aBalancer([one.url, other.url], { policy });
  isHung = true;
  const answers = await Promise.all(Array.from({ length: 8 }, () => opened.balancer.send(CALL)));
  expect(new Set(answers.map(({ text }) => text))).toEqual(new Set(["other"]));
  expect(one.calls()).toBeGreaterThan(0);
});

test("a service whose only endpoint hangs is refused at once; the call that it has may still be answered", async () => {
  let answer: (() => void) | undefined;
  await using hung = await openStubEndpoint(
    (response) => {
      answer = () => response.end("late");
    },
    () => true,
  );
  await using opened = await aBalancer([hung.url]);
  const { balancer } = opened;
  const first = balancer.send({ ...CALL, isRepeatable: false });
  await until(() => balancer.states[0]?.breaker === "open");
  expect(balancer.states[0]?.isEjected).toBe(false);
  await expect(balancer.send(CALL)).rejects.toThrow(expect.objectContaining({ message: expect.stringContaining("can be asked now") }));
  answer?.();
  expect((await first).text).toBe("late");
});

test("a call that is given up ends at once, on its way or waiting for room, and is held against no endpoint", async () => {
  let calls = 0;
  await using endless = await openStubEndpoint(() => {
    calls += 1;
  });
  const limit = { ...BALANCER_POLICY.limit, callsInitial: 10, callsMin: 10, callsMax: 10 };
  await using opened = await aBalancer([endless.url], { policy: { ...BALANCER_POLICY, limit } });
  const { balancer } = opened;
  const halt = new AbortController();
  const sent = Array.from({ length: 12 }, () => balancer.send({ ...CALL, halt: halt.signal }));
  await until(() => calls === 10);
  halt.abort();
  const ends = await Promise.allSettled(sent);
  expect(ends).toEqual(ends.map(() => ({ status: "rejected", reason: halt.signal.reason })));
  expect(balancer.states[0]).toMatchObject({ inFlight: 0, limit: 10, breaker: "closed", isEjected: false });
  await expect(balancer.send({ ...CALL, halt: halt.signal })).rejects.toBe(halt.signal.reason);
  expect(calls).toBe(10);
});

test("a probe that is late because the caller was busy does not count against its endpoint", async () => {
  // The endpoint runs on another thread, which answers while this one is busy, and reports when it is asked.
  const code = `const { createServer } = require("node:http");
    const { parentPort } = require("node:worker_threads");
    const server = createServer((request, response) => {
      if (request.url === "/healthz") parentPort.postMessage("probe");
      setTimeout(() => response.end("here"), request.url === "/healthz" ? 50 : 1_000);
    });
    server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));`;
  const worker = new Worker(code, { eval: true });
  const [port] = await once(worker, "message");
  await using opened = await aBalancer([`http://127.0.0.1:${port}`]);
  const { balancer } = opened;
  for (const busyMs of [650, 1_500]) {
    const call = balancer.send(CALL);
    await once(worker, "message");
    // From here the timers come before the sockets.
    await new Promise((resolve) => setImmediate(resolve));
    const untilMs = performance.now() + busyMs;
    while (performance.now() < untilMs);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(balancer.states[0]).toMatchObject({ isEjected: false, breaker: "closed" });
    expect((await call).text).toBe("here");
  }
  await worker.terminate();
});

test("calls that wait for room at a service that falls silent are refused at once", async () => {
  let isHung = false;
  await using hung = await openStubEndpoint(
    () => {},
    () => isHung,
  );
  const policy = { ...BALANCER_POLICY, limit: { ...BALANCER_POLICY.limit, callsInitial: 1, callsMin: 1, callsMax: 1 } };
  await using opened = await aBalancer([hung.url], { policy });
  isHung = true;
  const ends: string[] = [];
  const calls = Array.from({ length: 4 }, (_, index) =>
    opened.balancer.send({ ...CALL, isRepeatable: false }).catch((error) => ends.push(`${index} ${error.code}`)),
  );
  await Promise.all(calls.slice(1));
  expect(ends).toEqual([1, 2, 3].map((index) => `${index} upstream_unavailable`));
  expect(hung.calls()).toBe(1);
  await hung.kill();
  await calls[0];
});

test("a service that is overloaded or unavailable is asked elsewhere if the call may be repeated, and answered as it said if not", async () => {
  await using busy = await openStubEndpoint(says(429));
  await using other = await openStubEndpoint(words("other"));
  await using opened = await aBalancer([busy.url, other.url]);
  for (let index = 0; index < 10; index += 1) expect((await opened.balancer.send(CALL)).text).toBe("other");
  const once = await Promise.all(Array.from({ length: 20 }, () => opened.balancer.send({ ...CALL, isRepeatable: false })));
  expect(new Set(once.map(({ status }) => status))).toEqual(new Set([200, 429]));
});

test("a refusal that would be the same elsewhere is the answer", async () => {
  await using strict = await openStubEndpoint(says(400));
  await using opened = await aBalancer([strict.url]);
  expect(await opened.balancer.send(CALL)).toEqual({ status: 400, text: "" });
  expect(strict.calls()).toBe(1);
});

test("when everything fails, retries are a share of the calls", async () => {
  await using broken = await openStubEndpoint(says(503));
  const never = { ...BALANCER_POLICY.breaker, failedShare: 2 };
  const policy = { ...BALANCER_POLICY, breaker: never, retry: { share: 0.2, reserve: 5, triesMax: 3 } };
  await using opened = await aBalancer([broken.url], { policy });
  for (let index = 0; index < 100; index += 1) expect((await opened.balancer.send(CALL)).status).toBe(503);
  expect(broken.calls()).toBeLessThanOrEqual(125);
  expect(broken.calls()).toBeGreaterThanOrEqual(120);
});

test("a service that fails is not asked any more, and the caller is told at once", async () => {
  await using broken = await openStubEndpoint(says(500));
  await using opened = await aBalancer([broken.url], { nowMs: () => 0 });
  for (let index = 0; index < BALANCER_POLICY.breaker.callsMin; index += 1) await opened.balancer.send(CALL);
  await expect(opened.balancer.send(CALL)).rejects.toThrow(
    expect.objectContaining({
      code: "upstream_unavailable",
      message: expect.stringContaining("No endpoint of the language service can be asked now"),
    }),
  );
  expect(broken.calls()).toBe(BALANCER_POLICY.breaker.callsMin);
});

test("a call without an answer ends in time", async () => {
  await using hung = await openStubEndpoint(() => {});
  const policy = { ...BALANCER_POLICY, timing: { ...BALANCER_POLICY.timing, tryMsMax: 20, callMsMax: 50 } };
  await using opened = await aBalancer([hung.url], { policy });
  await expect(opened.balancer.send({ ...CALL, isRepeatable: false })).rejects.toThrow(
    expect.objectContaining({ code: "upstream_unavailable" }),
  );
});

test("a call that needs what no endpoint is, is told so", async () => {
  await using cpu = await openStubEndpoint(words("cpu"));
  await using opened = await aBalancer([`${cpu.url}#cpu`]);
  await expect(callingAs({ needs: { language: ["gpu"] }, lane: "interactive" }, () => opened.balancer.send(CALL))).rejects.toThrow(
    expect.objectContaining({ message: "No endpoint of the language service is gpu." }),
  );
  expect(cpu.calls()).toBe(0);
  expect((await callingAs({ needs: { planning: ["gpu"] }, lane: "interactive" }, () => opened.balancer.send(CALL))).text).toBe("cpu");
});

test("calls wait for room, and batch calls are turned away first", async () => {
  const held: ServerResponse[] = [];
  await using slow = await openStubEndpoint((response) => void held.push(response));
  const limit = { ...BALANCER_POLICY.limit, callsInitial: 4, callsMax: 4 };
  const policy = { ...BALANCER_POLICY, limit, lanes: { batchShare: 0.5, waitingMax: 2 } };
  await using opened = await aBalancer([slow.url], { policy });
  const send = (lane: "interactive" | "batch") => callingAs({ needs: {}, lane }, () => opened.balancer.send(CALL));

  const calls = [send("batch"), send("batch"), send("batch")];
  await expect(send("batch")).rejects.toThrow(expect.objectContaining({ code: "overloaded" }));
  calls.push(send("interactive"), send("interactive"), send("interactive"));
  await expect(send("interactive")).rejects.toThrow(expect.objectContaining({ code: "overloaded" }));
  for (let ended = 0; ended < calls.length; ended += 1) {
    await until(() => held.length > 0);
    held.shift()?.end("done");
  }
  expect((await Promise.all(calls)).map(({ text }) => text)).toEqual(Array(calls.length).fill("done"));
});

test("the addresses of a name are followed as they change, and kept while the name cannot be resolved", async () => {
  await using here = await openStubEndpoint(words("here"));
  const port = new URL(here.url).port;
  let answer: () => string[] = () => [];
  const policy = { ...BALANCER_POLICY, timing: { ...BALANCER_POLICY.timing, resolveEveryMs: 5 } };
  await using opened = await aBalancer([`dns+http://language:${port}`], { policy, resolve: async () => answer() });
  await expect(opened.balancer.send(CALL)).rejects.toThrow(
    expect.objectContaining({ message: "No endpoint of the language service is known." }),
  );
  answer = () => ["127.0.0.1"];
  await until(() => opened.balancer.states.length === 1);
  let failures = 0;
  answer = () => {
    failures += 1;
    throw new Error("no such name");
  };
  await until(() => failures > 1);
  expect((await opened.balancer.send(CALL)).text).toBe("here");
});

test("metrics tell what became of calls, by endpoint", async () => {
  await using gone = await openStubEndpoint(words("gone"));
  await using here = await openStubEndpoint(words("here"));
  await gone.kill();
  const registry = new Registry();
  await using opened = await aBalancer([gone.url, here.url], { metrics: balancerMetrics(registry) });
  for (let index = 0; index < 10; index += 1) await opened.balancer.send(CALL);
  const text = await registry.metrics();
  expect(text).toContain(`signalbox_balancer_calls_total{service="language",endpoint="${here.url}",outcome="worked"} 10`);
  expect(text).toContain(`signalbox_balancer_ejected{service="language",endpoint="${gone.url}"} 1`);
  expect(text).toContain(`signalbox_balancer_ejections_total{service="language",endpoint="${gone.url}"} 1`);
  expect(text).toContain(`signalbox_balancer_breaker_open{service="language",endpoint="${here.url}"} 0`);
  expect(text).toContain(`signalbox_balancer_in_flight{service="language",endpoint="${here.url}"} 0`);
});
