import { expect, test } from "vitest";
import { type CheckpointState, checkpointText, exportText, isStopped } from "./checkpointText.ts";

const now = Date.parse("2026-11-27T12:00:00.000Z");
const signed: CheckpointState = {
  ...{ last: { number: 12, time: "2026-11-27T11:59:00.000Z", events: 1_204 }, eventsWaiting: 0, isMoreWaiting: false },
  ...{ waitingSince: null, exports: [] },
};

test("a fully signed log says so", () => {
  expect(checkpointText(signed, now)).toMatch(/^Checkpoint 12, .*, holds 1,204 decisions of all projects\. None is behind it\.$/);
  expect(isStopped(signed, now)).toBe(false);
});

test("recent decisions are behind, and decisions waiting longer are signed by nobody", () => {
  const waiting = { ...signed, eventsWaiting: 3, waitingSince: "2026-11-27T11:59:30.000Z" };
  expect(checkpointText(waiting, now)).toMatch(/3 decisions are behind it\.$/);
  const stopped = { ...waiting, isMoreWaiting: true, waitingSince: "2026-11-27T11:50:00.000Z" };
  expect(isStopped(stopped, now)).toBe(true);
  expect(checkpointText(stopped, now)).toMatch(/3 or more decisions are behind it, the first taken .*: nobody signs\./);
});

test("an export that is behind says by how much", () => {
  expect(exportText(signed)).toMatch(/told nobody outside/);
  const exports = [
    { target: "file", number: 12 },
    { target: "webhook", number: 9 },
  ];
  expect(exportText({ ...signed, exports })).toBe(
    "Checkpoints outside the store: the file has all; the webhook has those up to 9, and lacks 3.",
  );
});
