import type { Lane } from "@signalbox/model";
import { expect, test } from "vitest";
import { WaitingRoom } from "./waitingRoom.ts";

/** A waiting room, the free places, and who took one. */
function aRoom(callsMax = 10) {
  const room = new WaitingRoom<string>(callsMax, 0.5);
  const free: string[] = [];
  const taken: string[] = [];
  const enter = (name: string, lane: Lane, need?: string): boolean =>
    room.enter({
      call: { lane, needs: need === undefined ? [] : [need] },
      tryPlace: () => {
        const index = free.findIndex((place) => need === undefined || place === need);
        return index < 0 ? undefined : free.splice(index, 1)[0];
      },
      taken: () => taken.push(name),
    });
  return { room, free, taken, enter };
}

test("interactive calls are served before batch calls that came earlier, each lane in order", () => {
  const { room, free, taken, enter } = aRoom();
  enter("b1", "batch");
  enter("i1", "interactive");
  enter("i2", "interactive");
  free.push("a", "a", "a");
  room.serve();
  expect(taken).toEqual(["i1", "i2", "b1"]);
});

test("a call whose need is not met keeps its turn and holds nobody up", () => {
  const { room, free, taken, enter } = aRoom();
  enter("gpu", "interactive", "gpu");
  enter("any", "interactive");
  free.push("cpu");
  room.serve();
  expect(taken).toEqual(["any"]);
  free.push("gpu");
  room.serve();
  expect(taken).toEqual(["any", "gpu"]);
});

test("batch calls are turned away when the room is half full, others when it is full", () => {
  const { enter } = aRoom(4);
  expect(["b1", "b2", "b3"].map((name) => enter(name, "batch"))).toEqual([true, true, false]);
  expect(["i1", "i2", "i3"].map((name) => enter(name, "interactive"))).toEqual([true, true, false]);
});
