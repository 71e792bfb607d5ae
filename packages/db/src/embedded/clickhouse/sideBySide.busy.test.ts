import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestClickHouse, type TestClickHouse } from "./testClickHouse.ts";

let store: TestClickHouse;
beforeAll(async () => {
  store = await startTestClickHouse();
});
afterAll(() => store[Symbol.asyncDispose]());

test("parameterised queries run side by side", async () => {
  const sleeping = Array.from({ length: 4 }, () =>
    store.client.command({ query: "SELECT sleep({seconds:Float32})", query_params: { seconds: 3 } }),
  );
  const asleep = "SELECT count() FROM system.processes WHERE query LIKE 'SELECT sleep%'";
  await expect.poll(() => store.lines(asleep), { timeout: 20_000 }).toEqual(["4"]);
  await Promise.all(sleeping);
});

test("a query that computes long keeps nobody from the status pages", async () => {
  const heavy = store.client.command({ query: "SELECT (SELECT sum(cityHash64(number)) FROM numbers(1e9)) SETTINGS max_threads = 1" });
  let isDone = false;
  heavy.finally(() => {
    isDone = true;
  });
  let answers = 0;
  while (!isDone) {
    await fetch(new URL("/ping", store.url.origin));
    answers += 1;
  }
  await heavy;
  // Behind the query there would be one answer, the one that comes with its end.
  expect(answers).toBeGreaterThan(5);
});
