import type { Decision, Step } from "@signalbox/model";
import type { Clock } from "../clock.ts";
import type { RecordedAttemptPart } from "./recordedAttempt.ts";

/** A clock that repeats its recorded readings. */
export type RecordedClock = Clock & {
  /** Starts over with `readings` in microseconds, one per call; after the last one it stands still. */
  enter(readings: readonly number[]): void;
};

/** Opens a clock that stands at 1970 until `enter` is called. */
export function openRecordedClock(): RecordedClock {
  let left: number[] = [];
  let last = 0;
  return {
    enter(readings) {
      left = [...readings];
      last = readings.at(-1) ?? last;
    },
    nowUs() {
      const next = left.shift();
      if (next !== undefined) last = next;
      return last;
    },
  };
}

function usOf({ time }: Decision): number {
  return Date.parse(time) * 1_000;
}

/**
 * The readings of the clock in an attempt, in microseconds: for each step its start, its end, and the sealing of its decisions (to the
 * millisecond, which is all that a seal holds); and last the end of the attempt, which every later call repeats.
 */
export function readingsOf({ steps, decisions, startedUs }: RecordedAttemptPart, spanOf: (step: number) => string): number[] {
  const sealedAt = (step: number): number | undefined => {
    const decision = decisions.find(({ spanId }) => spanId === spanOf(step));
    return decision && usOf(decision);
  };
  const perStep = (step: Step): number[] => [step.startedUs, step.finishedUs, sealedAt(step.step) ?? step.finishedUs];
  const ended = decisions.findLast(({ spanId }) => spanId === spanOf(0));
  const end = ended === undefined ? [] : [usOf(ended)];
  return [...steps.flatMap(perStep), ...(end.length === 0 && steps.length === 0 ? [startedUs] : end)];
}
