import { expect, test } from "vitest";
import { againstText, unitsText } from "./againstText.ts";
import type { CountedAgainst } from "./rolloutParams.ts";

const counted = (because: CountedAgainst["newest"][number]["because"][], units = 30): CountedAgainst => ({
  ...{ metric: "reward", isOnRecord: true, units, against: because.length },
  newest: because.map((why, index) => ({ kind: "session", id: `s-${index}`, at: "2026-11-27T12:00:00.000Z", because: why })),
});

test("the text says how many units counted against a candidate, and how many of them lacked a value", () => {
  expect(againstText(undefined)).toBe("…");
  expect(againstText(counted(["value", "dead"]))).toBe("2 of 30 units of the candidate counted against it.");
  expect(againstText(counted(["value", "untold"]))).toContain(", 1 of them as nobody told of them in time.");
  expect(againstText(counted(["untold"]))).toContain(", as nobody told of them in time.");
  expect(againstText({ ...counted([], 0), isOnRecord: false })).toBe(
    "it cannot be said any more, as not all that was counted is still on record.",
  );
});

test("units are named by their kind, and called the newest only if there are more", () => {
  const sessions = counted(["value", "dead", "untold"]);
  const task = { kind: "task", id: "t-1", at: "2026-11-27T12:00:00.000Z", because: "dead" } as const;
  const mixed = { ...sessions, against: 5, newest: [...sessions.newest, task, { ...task, kind: "user" as const }] };
  expect(unitsText(sessions, "session")).toBe("3 sessions");
  expect((["session", "user", "task"] as const).map((kind) => unitsText(mixed, kind))).toEqual([
    "3 sessions",
    "1 user",
    "1 task of no session",
  ]);
  expect(unitsText({ ...mixed, against: 80 }, "session")).toBe("the newest 3 sessions");
});
