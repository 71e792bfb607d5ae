import { TOOLS_CONTRACT } from "@signalbox/listener";
import { expect, test } from "vitest";
import { openBulkheads, WAIT_MS_MAX } from "./bulkheads.ts";
import { TIMEOUT_MS_MAX } from "./toolSettings.ts";

test("a call that waits too long for its tool is told to retry, and is not begun later", async () => {
  const bulkheads = openBulkheads(20);
  const free = Promise.withResolvers<string>();
  let runs = 0;
  const work = (): Promise<string> => {
    runs += 1;
    return free.promise;
  };
  const first = bulkheads.run("slow", 1, work);
  await expect(bulkheads.run("slow", 1, work)).rejects.toMatchObject({ code: "overloaded" });
  free.resolve("done");
  expect(await first).toBe("done");
  expect(await bulkheads.run("slow", 1, work)).toBe("done");
  expect(runs).toBe(2);
});

test("a caller's time limit is longer than a tool's waiting and running time together", () => {
  expect(TOOLS_CONTRACT.call.timeoutMs).toBeGreaterThan(WAIT_MS_MAX + TIMEOUT_MS_MAX);
});
