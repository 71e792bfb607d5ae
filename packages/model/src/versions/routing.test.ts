import { expect, test } from "vitest";
import { assignVersion, bucketOf, type Routing } from "./routing.ts";

const ROUTING: Routing = { project: "shop", stable: "a", candidate: "b", weight: 20, salt: "s", unit: "session" };
const UNITS = Array.from({ length: 20_000 }, (_, index) => `session ${index}`);

const sessionsOfCandidate = (routing: Routing) =>
  new Set(UNITS.filter((session) => assignVersion(routing, { id: "t", session }).variant === "candidate"));

test("the candidate has its share of the sessions, within chance", () => {
  const share = sessionsOfCandidate(ROUTING).size / UNITS.length;
  // Four standard deviations of a share of 0.2 among 20,000 units.
  expect(Math.abs(share - 0.2)).toBeLessThan(4 * Math.sqrt((0.2 * 0.8) / UNITS.length));
});

test("a session that is with the candidate stays there while the weight grows", () => {
  let before = new Set<string>();
  for (const weight of [0, 0.5, 1, 5, 25, 50, 99.5, 100]) {
    const now = sessionsOfCandidate({ ...ROUTING, weight });
    expect([...before].every((session) => now.has(session))).toBe(true);
    before = now;
  }
  expect(before.size).toBe(UNITS.length);
});

test("another salt draws other sessions", () => {
  const [one, other] = [sessionsOfCandidate(ROUTING), sessionsOfCandidate({ ...ROUTING, salt: "other" })];
  expect([...one].filter((session) => other.has(session)).length / one.size).toBeLessThan(0.25);
});

test("a task goes with its session, else with its user, else alone", () => {
  const of = (task: { session?: string; user?: string }) => assignVersion(ROUTING, { id: "t", ...task });
  expect(of({ session: "x", user: "u" })).toMatchObject({ unit: "session", bucket: bucketOf("s", "session", "x") });
  expect(of({ user: "u" })).toMatchObject({ unit: "user", bucket: bucketOf("s", "user", "u") });
  expect(of({})).toMatchObject({ unit: "task", bucket: bucketOf("s", "task", "t") });
});

test("where units are users, all sessions of a user go one way, and a task of nobody goes alone", () => {
  const of = (task: { session?: string; user?: string }) => assignVersion({ ...ROUTING, unit: "user" }, { id: "t", ...task });
  expect(of({ session: "x", user: "u" })).toMatchObject({ unit: "user", bucket: bucketOf("s", "user", "u"), weight: 20 });
  expect(of({ session: "x" })).toMatchObject({ unit: "task", bucket: bucketOf("s", "task", "t") });
});

test("a bucket is what it has always been: assignments outlive a release", () => {
  expect(["a", "b", "c"].map((id) => bucketOf("salt", "session", id))).toEqual([3_004, 7_633, 6_040]);
});

test("without a candidate everything is stable", () => {
  expect(assignVersion({ ...ROUTING, candidate: null, weight: 0 }, { id: "t" })).toMatchObject({ version: "a", variant: "stable" });
});
