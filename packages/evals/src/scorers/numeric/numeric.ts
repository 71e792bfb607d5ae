import { AppError } from "@signalbox/model";
import { z } from "zod";
import { defineScorer, passOrFail } from "../scorer.ts";
import { excerptOf } from "../textOf.ts";

const NUMBER = /[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+|(?<=\d))(?:e[-+]?\d+)?/i;

/** A number, or the first one in a value's text; thousands separators (commas) are ignored. Undefined where there is none. */
export function numberIn(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  const found = typeof value === "string" ? NUMBER.exec(value)?.[0] : undefined;
  const number = found === undefined ? Number.NaN : Number(found.replaceAll(",", ""));
  return Number.isFinite(number) ? number : undefined;
}

/** Passes an answer whose number is within `tolerance`, or within a `relative` share of the expected one. */
export const numeric = defineScorer({
  name: "numeric",
  summary: "the number in the answer is the expected one, within `tolerance` or a `relative` share of it",
  needs: "expectedOutput",
  options: z.strictObject({ tolerance: z.number().nonnegative().default(0), relative: z.number().nonnegative().default(0) }),
  make:
    ({ tolerance, relative }) =>
    (item, answer) => {
      const expected = numberIn(item.expectedOutput);
      if (expected === undefined)
        throw new AppError("invalid_input", `Item ${item.id} expects ${excerptOf(item.expectedOutput)}, which has no number in it.`, {
          hint: "The scorer numeric compares numbers: give the item one, or use another scorer.",
        });
      const given = numberIn(answer.output);
      if (given === undefined) return passOrFail(false, `there is no number in ${excerptOf(answer.output)}`);
      const isNear = Math.abs(given - expected) <= Math.max(tolerance, relative * Math.abs(expected));
      return passOrFail(isNear, `expected ${expected}, got ${given}`);
    },
});
