import { pino } from "pino";
import { expect, test } from "vitest";
import { openStoreWatch } from "./storeWatch.ts";

const LOG = pino({ level: "silent" });
const never = () => new Promise<never>(() => undefined);

test("after one unanswered request nobody waits, until the store is back", async () => {
  const back = Promise.withResolvers<void>();
  const watch = openStoreWatch(() => back.promise, LOG);
  await expect(watch.needed(1, never)).rejects.toThrow("did not answer within 1 ms");
  let asked = 0;
  const ask = async () => {
    asked += 1;
    return "here";
  };
  await expect(watch.needed(60_000, ask)).rejects.toMatchObject({ code: "upstream_unavailable" });
  await expect(watch.answered(60_000, ask)).rejects.toMatchObject({ code: "upstream_unavailable" });
  expect(asked).toBe(0);
  back.resolve();
  await back.promise;
  await new Promise((resolve) => setImmediate(resolve));
  expect(await watch.needed(60_000, ask)).toBe("here");
  watch.close();
});

test("an optional request may be late, and a refused one does not mean that the store is away", async () => {
  const watch = openStoreWatch(never, LOG);
  await expect(watch.answered(1, never)).rejects.toMatchObject({ code: "upstream_unavailable" });
  await expect(watch.needed(60_000, () => Promise.reject(new Error("no such job")))).rejects.toThrow("no such job");
  expect(await watch.needed(60_000, async () => "here")).toBe("here");
  watch.close();
});
