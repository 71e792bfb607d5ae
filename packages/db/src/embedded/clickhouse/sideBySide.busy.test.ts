import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestClickHouse, type TestClickHouse } from "./testClickHouse.ts";

let store: TestClickHouse;
beforeAll(async () => {
  store = await startTestClickHouse();
});
afterAll(() => store[Symbol.asyncDispose]());

test("parameterised queries run side by side", async () => {
  const start = performance.now();
  const sleeping = Array.from({ length: 4 }, () =>
    store.client.command({ query: "SELECT sleep({seconds:Float32})", query_params: { seconds: 1 } }),
  );
  await Promise.all(sleeping);
  expect(performance.now() - start).toBeLessThan(2_500);
});

test("a query that computes long keeps nobody from the status pages", async () => {
  const heavy = store.client.command({ query: "SELECT (SELECT sum(cityHash64(number)) FROM numbers(1e9)) SETTINGS max_threads = 1" });
  let isDone = false;
  heavy.finally(() => {
    isDone = true;
  });
  const waits: number[] = [];
  while (!isDone) {
    const start = performance.now();
    await fetch(new URL("/ping", store.url.origin));
    waits.push(performance.now() - start);
  }
  await heavy;
  expect(Math.max(...waits)).toBeLessThan(500);
});
