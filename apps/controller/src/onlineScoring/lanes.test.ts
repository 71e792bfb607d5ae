import { expect, test } from "vitest";
import { openLanes } from "./lanes.ts";

const WAIT_MS = 60_000;

test("slow work of one group delays no other group, and work already there is not started twice", async () => {
  const lanes = openLanes();
  const done: string[] = [];
  const slow = Promise.withResolvers<boolean>();
  const quick = Promise.withResolvers<void>();
  const start = (key: string, group: string, task: () => Promise<boolean>) =>
    lanes.start({
      ...{ key, group, groupMax: 1 },
      task: async () => {
        const hasMore = await task();
        done.push(key);
        return hasMore;
      },
    });
  for (const key of ["a1", "a1", "a2", "a2"]) start(key, "a", () => slow.promise);
  start("b", "b", async () => {
    quick.resolve();
    return false;
  });
  await quick.promise;
  expect(await lanes.settled(0)).toEqual({ isRunning: true, hasMore: false });
  expect(done).toEqual(["b"]);
  slow.resolve(true);
  expect(await lanes.settled(WAIT_MS)).toEqual({ isRunning: false, hasMore: true });
  expect(done).toEqual(["b", "a1", "a2"]);
  expect(await lanes.settled(WAIT_MS)).toEqual({ isRunning: false, hasMore: false });
});

test("a failure is thrown once and ends nothing else; closing waits for running work and drops the rest", async () => {
  const lanes = openLanes();
  const started: string[] = [];
  const running = Promise.withResolvers<boolean>();
  lanes.start({ key: "broken", group: "a", groupMax: 1, task: () => Promise.reject(new Error("broken")) });
  await expect(lanes.settled(WAIT_MS)).rejects.toThrow("broken");
  for (const key of ["one", "two"])
    lanes.start({
      ...{ key, group: "a", groupMax: 1 },
      task: () => {
        started.push(key);
        return running.promise;
      },
    });
  expect(await lanes.settled(0)).toMatchObject({ isRunning: true });
  const closed = lanes.close();
  running.resolve(false);
  await closed;
  expect([started, lanes.isClosed()]).toEqual([["one"], true]);
});
