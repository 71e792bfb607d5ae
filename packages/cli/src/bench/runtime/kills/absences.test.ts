import { expect, test } from "vitest";
import { openAbsences } from "./absences.ts";

/** Parts of which one, worker-1, is process 12 until it is killed, and then 34. */
function theParts() {
  const state = { isWorking: true, pid: 12 };
  return { state, pidOf: () => state.pid, works: async (part: string) => part !== "worker-1" || state.isWorking };
}

test("a part that was killed is left alone until another process of it works; others are not waited for", async () => {
  const parts = theParts();
  const absences = openAbsences(parts, new AbortController().signal);
  absences.began("worker", "worker-1", 12, 0);
  await absences.rested("worker-2");
  const events: string[] = [];
  const rested = absences.rested("worker-1").then(() => events.push("rested"));
  // The supervisor does not know yet.
  await absences.rested("worker-2");
  parts.state.isWorking = false;
  parts.state.pid = 34;
  await absences.rested("worker-2");
  events.push("works again");
  parts.state.isWorking = true;
  await rested;
  expect(events).toEqual(["works again", "rested"]);
  expect(await absences.ended()).toEqual([expect.objectContaining({ victim: "worker", part: "worker-1" })]);
});

test("a part that died of something else is waited for, too", async () => {
  const parts = theParts();
  parts.state.isWorking = false;
  const absences = openAbsences(parts, new AbortController().signal);
  const events: string[] = [];
  const rested = absences.rested("worker-1").then(() => events.push("rested"));
  await absences.rested("worker-2");
  events.push("works again");
  parts.state.isWorking = true;
  await rested;
  expect(events).toEqual(["works again", "rested"]);
});

test("a run that is called off waits for no part", async () => {
  const parts = theParts();
  const called = new AbortController();
  const absences = openAbsences(parts, called.signal);
  absences.began("gateway", "gateway-1", 12, 0);
  called.abort(new Error("called off"));
  await expect(absences.rested("gateway-1")).rejects.toThrow();
});
