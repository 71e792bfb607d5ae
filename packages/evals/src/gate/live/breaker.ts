import { AppError, type Arm, type PerArm } from "@signalbox/model";

/** The figures in a breaker's condition, for each arm: units with an event, all units, and their ratio (0 without units). */
export type BreakerFigures = PerArm<{ readonly count: number; readonly units: number; readonly rate: number }>;

const TERM = /^(canary|candidate|stable)\.(count|units|rate)\s*(>=|<=|>|<)\s*(\d+(?:\.\d+)?)$/;

const COMPARE = {
  ">=": (left: number, right: number) => left >= right,
  "<=": (left: number, right: number) => left <= right,
  ">": (left: number, right: number) => left > right,
  "<": (left: number, right: number) => left < right,
};

/**
 * A breaker's condition as a function: comparisons like `candidate.count >=
 * 20` joined by `&&`. Throws `invalid_input` naming the part that is not one.
 */
export function readCondition(text: string): (figures: BreakerFigures) => boolean {
  const terms = text.split("&&").map((part) => {
    const [, who, field, sign, limit] = TERM.exec(part.trim()) ?? [];
    if (limit === undefined)
      throw new AppError("invalid_input", `"${part.trim()}" is no comparison of a breaker's condition.`, {
        hint: "It is like candidate.count >= 20 && candidate.rate > 0.2, of candidate or stable, and of count, units or rate.",
      });
    const arm: Arm = who === "stable" ? "stable" : "candidate";
    return (figures: BreakerFigures) =>
      COMPARE[sign as keyof typeof COMPARE](figures[arm][field as "count" | "units" | "rate"], Number(limit));
  });
  return (figures) => terms.every((holds) => holds(figures));
}
