import { timeTicks } from "../../format/timeTicks.ts";

/** Marks of an axis from 0 to at least `most`: multiples of 1, 2 or 5 of a power of ten, about `ticksMax` of them above 0. */
export function valueTicks(most: number, ticksMax: number): number[] {
  if (!(most > 0)) return [0];
  const least = most / ticksMax;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((candidate) => candidate >= least * 0.999) ?? 10 * power;
  return multiplesUpTo(most, step);
}

/** Axis marks like `valueTicks`, for counts: whole numbers only. */
export function countTicks(most: number, ticksMax: number): number[] {
  return most < ticksMax ? multiplesUpTo(Math.max(1, most), 1) : valueTicks(most, ticksMax);
}

/** Axis marks like `valueTicks`, for milliseconds: above a second, fractions of a minute or an hour. */
export function durationTicks(mostMs: number, ticksMax: number): number[] {
  const [, step = 0] = timeTicks(mostMs * 1e6, ticksMax);
  return step === 0 ? valueTicks(mostMs, ticksMax) : multiplesUpTo(mostMs, step / 1e6);
}

function multiplesUpTo(most: number, step: number): number[] {
  // A sum slightly above a multiple needs no further mark.
  const count = Math.ceil(most / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}
