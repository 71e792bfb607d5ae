import { expect, test } from "vitest";
import { oneAtATime } from "./oneAtATime.ts";

test("work of one key goes one after another, also behind work that failed; other keys go at once", async () => {
  const gate = oneAtATime();
  const events: string[] = [];
  const first = Promise.withResolvers<void>();
  const failing = gate("a", async () => {
    events.push("first begins");
    await first.promise;
    throw new Error("failed");
  });
  const second = gate("a", async () => events.push("second"));
  await gate("b", async () => events.push("other"));
  expect(events).toEqual(["first begins", "other"]);
  first.resolve();
  await expect(failing).rejects.toThrow("failed");
  await second;
  expect(events).toEqual(["first begins", "other", "second"]);
});
