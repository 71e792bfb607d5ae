import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { onStopRequest } from "./stopSignals.ts";

test("the first request asks, the same one passed on twice asks once, a later one insists", async () => {
  const insist = vi.fn();
  using stop = onStopRequest(insist);
  expect(stop.isRequested()).toBe(false);
  process.emit("SIGHUP");
  process.emit("SIGHUP");
  await stop.requested;
  expect(stop.isRequested()).toBe(true);
  expect(insist).not.toHaveBeenCalled();
  await sleep(520);
  process.emit("SIGHUP");
  expect(insist).toHaveBeenCalledTimes(1);
});

test("removes its signal listeners when it is disposed of", () => {
  const before = process.listenerCount("SIGHUP");
  const stop = onStopRequest(() => {});
  expect(process.listenerCount("SIGHUP")).toBe(before + 1);
  stop[Symbol.dispose]();
  expect(process.listenerCount("SIGHUP")).toBe(before);
});
