import { expect, test } from "vitest";
import { BREAKER_POLICY, openBreaker } from "./breaker.ts";

/** A breaker that opened at time 0. */
function anOpenBreaker() {
  const breaker = openBreaker();
  for (let index = 0; index < BREAKER_POLICY.callsMin; index += 1) breaker.end(breaker.begin(0), "failed", 0);
  return breaker;
}

test("it stays closed while there are few calls", () => {
  const breaker = openBreaker();
  for (let index = 0; index < BREAKER_POLICY.callsMin - 1; index += 1) breaker.end(false, "failed", 0);
  expect(breaker.state(0)).toBe("closed");
});

test("it stays closed while most calls work", () => {
  const breaker = openBreaker();
  for (let index = 0; index < 50; index += 1) breaker.end(false, index % 3 === 0 ? "failed" : "worked", 1);
  expect(breaker.state(1)).toBe("closed");
});

test("old failures are forgotten", () => {
  const breaker = openBreaker();
  for (let index = 0; index < 7; index += 1) breaker.end(false, "failed", 0);
  for (let index = 0; index < 7; index += 1) breaker.end(false, "failed", 60_000);
  expect(breaker.state(60_000)).toBe("closed");
});

test("open, it admits nothing, and then one call to try the endpoint out", () => {
  const breaker = anOpenBreaker();
  expect(breaker.state(0)).toBe("open");
  expect(breaker.admits(BREAKER_POLICY.openMs - 1)).toBe(false);
  expect(breaker.admits(BREAKER_POLICY.openMs)).toBe(true);
  expect(breaker.begin(BREAKER_POLICY.openMs)).toBe(true);
  expect(breaker.admits(BREAKER_POLICY.openMs)).toBe(false);
});

test("a trial that works closes it, and one that fails opens it for twice as long", () => {
  const breaker = anOpenBreaker();
  const { openMs } = BREAKER_POLICY;
  breaker.end(breaker.begin(openMs), "failed", openMs);
  expect(breaker.state(openMs + 2 * openMs - 1)).toBe("open");
  breaker.end(breaker.begin(3 * openMs), "worked", 3 * openMs);
  expect(breaker.state(3 * openMs)).toBe("closed");
});

test("after a trial of unknown outcome, the next call may try the endpoint", () => {
  const breaker = anOpenBreaker();
  const { openMs } = BREAKER_POLICY;
  breaker.end(breaker.begin(openMs), "untold", openMs);
  expect(breaker.state(openMs)).toBe("half open");
  expect(breaker.admits(openMs)).toBe(true);
});

test("calls from before it opened neither close it nor keep it open", () => {
  const breaker = anOpenBreaker();
  breaker.end(false, "worked", 1);
  expect(breaker.state(1)).toBe("open");
  breaker.end(false, "failed", BREAKER_POLICY.openMs - 1);
  expect(breaker.state(BREAKER_POLICY.openMs)).toBe("half open");
});

test("a trip opens it at once, and a second trip does not keep it open longer", () => {
  const breaker = openBreaker();
  breaker.trip(0);
  breaker.trip(1);
  expect(breaker.state(0)).toBe("open");
  expect(breaker.state(BREAKER_POLICY.openMs)).toBe("half open");
});
