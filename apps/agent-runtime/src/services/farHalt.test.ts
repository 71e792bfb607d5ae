import { Balancer, parseEndpoints } from "@signalbox/balancer";
import { LANGUAGE_CONTRACT, openListener, remoteService, serveService, serviceMetrics } from "@signalbox/listener";
import type { LanguageService } from "@signalbox/model";
import { pino } from "pino";
import { Registry } from "prom-client";
import { expect, test } from "vitest";

test("a call to a remote service is given up there once its caller gives it up", async () => {
  const log = pino({ level: "silent" });
  const [asked, givenUp] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const endless: LanguageService = {
    understand: (_request, halt) =>
      new Promise((_resolve, reject) => {
        asked.resolve();
        halt?.addEventListener("abort", () => {
          givenUp.resolve();
          reject(halt.reason);
        });
      }),
  };
  const listener = await openListener({
    ...{ port: 0, bodyMaxBytes: 1_000_000, log, metrics: new Registry(), isReady: async () => true },
    routes: (app) => serveService(app, LANGUAGE_CONTRACT, endless, serviceMetrics(new Registry())),
  });
  const balancer = await Balancer.open({ service: "language", sources: parseEndpoints(listener.url), log });
  try {
    const far = remoteService((call) => balancer.send(call), LANGUAGE_CONTRACT);
    const halt = new AbortController();
    const answer = far.understand({ domain: "airline", message: "cancel it" }, halt.signal);
    await asked.promise;
    halt.abort();
    await expect(answer).rejects.toBe(halt.signal.reason);
    await givenUp.promise;
    expect(balancer.states[0]).toMatchObject({ inFlight: 0, breaker: "closed", isEjected: false });
  } finally {
    await balancer.close();
    await listener.close();
  }
});
