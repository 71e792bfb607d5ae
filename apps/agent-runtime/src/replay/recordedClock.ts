import type { Decision, Step } from "@signalbox/model";
import type { Clock } from "../clock.ts";
import type { RecordedAttemptPart } from "./recordedAttempt.ts";

/** A clock that tells again what it told then. */
export type RecordedClock = Clock & {
  /** Begins with `readings`, one for each time that it is asked; afterwards it stands still. */
  enter(readings: readonly number[]): void;
};

/** Opens a clock that stands at 1970 until it is entered. */
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
 * When the clock was asked in an attempt, in microseconds: for each step when it began, when it
 * was done, and when what was decided in it was sealed (to the millisecond, which is all that a
 * seal holds); and at last when the attempt ended, which whoever asks after that is told.
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
