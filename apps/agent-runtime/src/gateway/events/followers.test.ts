import { expect, test } from "vitest";
import { openFollowers } from "./followers.ts";

const LONG_MS = 60_000;

test("who follows a task is told of it, and not of others", async () => {
  const followers = openFollowers();
  const follower = followers.follow("a");
  followers.tell("b", "journal");
  expect(await follower.next(1)).toBe("silence");
  const next = follower.next(LONG_MS);
  followers.tell("a", "journal");
  expect(await next).toBe("journal");
});

test("what comes while nobody waits is told once", async () => {
  const followers = openFollowers();
  const follower = followers.follow("a");
  followers.tell("a", "journal");
  followers.tell(null, "journal");
  expect([await follower.next(LONG_MS), await follower.next(1)]).toEqual(["journal", "silence"]);
});

test("what is closed stays closed, and is not counted any more", async () => {
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

test("news of a draft does not hide that of the journal, and is told where there is no other", async () => {
  const followers = openFollowers();
  const follower = followers.follow("a");
  for (const news of ["draft", "journal", "draft"] as const) followers.tell("a", news);
  expect([await follower.next(LONG_MS), await follower.next(1)]).toEqual(["journal", "silence"]);
  followers.tell("a", "draft");
  expect(await follower.next(LONG_MS)).toBe("draft");
});
