import { AppError } from "@signalbox/model";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Listener, openListener } from "./listener.ts";

const failing = (path: string, error: Error) => ({ method: "GET" as const, path, handle: () => Promise.reject(error) });

let listener: Listener;
beforeAll(async () => {
  const routes = [
    failing("/away", new AppError("upstream_unavailable", "it is away for a moment")),
    failing("/broken", new Error("a secret of ours")),
  ];
  listener = await openListener(0, routes, pino({ level: "silent" }));
});
afterAll(() => listener.close(0));

test("a request that temporarily cannot be handled is told to retry", async () => {
  const answer = await fetch(`http://127.0.0.1:${listener.port}/away`);
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, expect.stringMatching(/^\d+$/)]);
  expect(await answer.json()).toMatchObject({ message: "it is away for a moment" });
});

test("a request that our own code fails on gets a final error without the reason", async () => {
  const answer = await fetch(`http://127.0.0.1:${listener.port}/broken`);
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([500, null]);
  expect(await answer.text()).not.toContain("secret");
});
