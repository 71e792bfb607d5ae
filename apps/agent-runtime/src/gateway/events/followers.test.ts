import { expect, test } from "vitest";
import { openFollowers } from "./followers.ts";

const LONG_MS = 60_000;

test("a follower gets news of its own task only", async () => {
  const followers = openFollowers();
  const follower = followers.follow("a");
  followers.tell("b", "journal");
  expect(await follower.next(1)).toBe("silence");
  const next = follower.next(LONG_MS);
  followers.tell("a", "journal");
  expect(await next).toBe("journal");
});

test("news that arrives while nobody waits is delivered once", async () => {
  const followers = openFollowers();
  const follower = followers.follow("a");
  followers.tell("a", "journal");
  followers.tell(null, "journal");
  expect([await follower.next(LONG_MS), await follower.next(1)]).toEqual(["journal", "silence"]);
});

test("a closed follower stays closed and is no longer counted", async () => {
  const followers = openFollowers();
  const [one, other] = [followers.follow("a"), followers.follow("a")];
  const waiting = one.next(LONG_MS);
  one.close();
  followers.tell("a", "journal");
  expect([await waiting, await one.next(LONG_MS), await other.next(LONG_MS)]).toEqual(["closed", "closed", "journal"]);
  expect(followers.count()).toBe(1);
  followers.close();
  expect(await other.next(LONG_MS)).toBe("closed");
});

test("news of a draft does not hide news of the journal, and is delivered when there is no other", async () => {
  const followers = openFollowers();
  const follower = followers.follow("a");
  for (const news of ["draft", "journal", "draft"] as const) followers.tell("a", news);
  expect([await follower.next(LONG_MS), await follower.next(1)]).toEqual(["journal", "silence"]);
  followers.tell("a", "draft");
  expect(await follower.next(LONG_MS)).toBe("draft");
});
