import { expect, test, vi } from "vitest";
import { watchPauses } from "./watchPauses.ts";

test("a pause is told once, by whom and why, and the next one again", async () => {
  const pause = { project: "default", actor: "ann", reason: "the airline is down", pausedAt: "2026-11-27T12:00:00.000Z" };
  const answers = [[pause], [pause], [], [{ ...pause, pausedAt: "2026-11-27T12:05:00.000Z" }]];
  const note = vi.fn();
  const isHeld = watchPauses(async () => answers.shift() ?? [], { note });
  const held: boolean[] = [];
  for (let each = 0; each < 5; each += 1) held.push(await isHeld());
  expect(held).toEqual([true, true, false, true, false]);
  expect(note).toHaveBeenCalledTimes(2);
  expect(note).toHaveBeenCalledWith(expect.stringContaining("by ann: the airline is down"));
});
