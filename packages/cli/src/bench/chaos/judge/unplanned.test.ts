import { FAILS_FOR_GOOD } from "@signalbox/model";
import { expect, test } from "vitest";
import { unplannedLetters } from "./unplanned.ts";

test("a dead letter of a task that was not to fail, or not any more, is one that nobody planned", () => {
  const planned = { taskId: "a", cause: "not_retryable" as const, message: `Add a bag. ${FAILS_FOR_GOOD}` };
  const other = { taskId: "b", cause: "kills_worker" as const, message: "Add a bag." };
  expect(unplannedLetters([planned, other])).toEqual([other]);
});
