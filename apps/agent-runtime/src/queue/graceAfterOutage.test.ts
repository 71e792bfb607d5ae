import { expect, test } from "vitest";
import { graceAfterOutage } from "./graceAfterOutage.ts";

test("after an outage the first look waits until the store answers and for the grace; others wait for nothing", async () => {
  const events: string[] = [];
  let isAway = false;
  const answer = (event: string) => async () => {
    events.push(isAway ? `${event} in vain` : event);
    if (isAway) throw new Error("connection refused");
  };
  const looks = graceAfterOutage(answer("ask"), async () => void events.push("grace"));
  const look = () => looks(answer("look")).catch(() => undefined);

  await look();
  isAway = true;
  await look();
  await look();
  isAway = false;
  await look();
  await look();
  expect(events).toEqual(["look", "look in vain", "ask in vain", "ask", "grace", "look", "look"]);
});

test("a store that goes away again during the grace is waited for again", async () => {
  const events: string[] = [];
  let failures = 1;
  const looks = graceAfterOutage(
    async () => void events.push("ask"),
    async () => void events.push("grace"),
  );
  const look = () =>
    looks(async () => {
      if (failures-- > 0) throw new Error("connection refused");
      events.push("look");
    }).catch(() => undefined);
  await look();
  failures = 1;
  await look();
  await look();
  expect(events).toEqual(["ask", "grace", "ask", "grace", "look"]);
});

test("a look that lost a deadlock met no outage: the next one is made at once", async () => {
  const events: string[] = [];
  const note = (event: string) => async () => void events.push(event);
  const looks = graceAfterOutage(note("ask"), note("grace"));
  const deadlock = Object.assign(new Error("deadlock detected"), { code: "40P01" });
  await expect(looks(() => Promise.reject(deadlock))).rejects.toBe(deadlock);
  await looks(note("look"));
  expect(events).toEqual(["look"]);
});
