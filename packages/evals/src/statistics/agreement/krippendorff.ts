/** The distance of two answers: nominal ones differ or not; steps of a scale differ by the number of answers between them. */
export type AnswerLevel = "nominal" | "ordinal";

/** The number of times each category was given to a unit, by the category's index. */
export type UnitCounts = readonly number[];

/** The squared distance of every two categories, by how often each was given. */
function distances(totals: readonly number[], level: AnswerLevel): number[][] {
  const between = (low: number, high: number): number => {
    const inner = totals.slice(low, high + 1).reduce((sum, count) => sum + count, 0);
    return (inner - ((totals[low] as number) + (totals[high] as number)) / 2) ** 2;
  };
  return totals.map((_, one) =>
    totals.map((__, other) => (one === other ? 0 : level === "nominal" ? 1 : between(Math.min(one, other), Math.max(one, other)))),
  );
}

/**
 * Krippendorff's alpha (Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011): agreement beyond
 * chance of any number of people, not all of whom need answer about every unit. 1 is complete, 0 is chance.
 * A unit with one answer does not count. NaN where all answers are equal: no disagreement is expected.
 */
export function krippendorffAlpha(units: readonly UnitCounts[], level: AnswerLevel): number {
  const paired = units.flatMap((counts) => {
    const answers = counts.reduce((sum, count) => sum + count, 0);
    return answers < 2 ? [] : [{ counts, answers }];
  });
  const categories = paired[0]?.counts.length ?? 0;
  const totals = Array.from({ length: categories }, (_, category) =>
    paired.reduce((sum, { counts }) => sum + (counts[category] as number), 0),
  );
  const all = totals.reduce((sum, count) => sum + count, 0);
  const apart = distances(totals, level);
  let [observed, expected] = [0, 0];
  for (let one = 0; one < categories; one += 1) {
    for (let other = 0; other < categories; other += 1) {
      const distance = (apart[one] as number[])[other] as number;
      if (distance === 0) continue;
      const pairs = paired.reduce(
        (sum, { counts, answers }) => sum + ((counts[one] as number) * (counts[other] as number)) / (answers - 1),
        0,
      );
      observed += pairs * distance;
      expected += ((totals[one] as number) * (totals[other] as number) * distance) / (all - 1);
    }
  }
  return 1 - observed / expected;
}
