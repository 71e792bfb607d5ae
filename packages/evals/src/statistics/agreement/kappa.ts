import { percentileInterval, type Resampling } from "../paired/pairedBootstrap.ts";
import { seededRandom } from "../seededRandom.ts";

/** Two raters' categories for the same item. */
export interface RatedTwice {
  readonly one: string;
  readonly other: string;
}

/**
 * `none`: categories agree or not. `quadratic`: categories are ordered, and raters
 * who are two apart disagree four times as much as those who are one apart.
 */
export type KappaWeights = "none" | "quadratic";

/** Agreement beyond chance: 1 is complete, 0 is chance. Each end of the interval errs with a probability of about 1 - confidence. */
export interface Kappa {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Cohen's kappa of a table of counts: one rater's categories in rows, the other's in columns.
 * NaN where both use the same single category: agreement beyond chance is undefined.
 */
export function cohenKappa(table: readonly (readonly number[])[], weights: KappaWeights = "none"): number {
  const rows = table.map((row) => row.reduce((sum, count) => sum + count, 0));
  const columns = rows.map((_, column) => table.reduce((sum, row) => sum + (row[column] as number), 0));
  const total = rows.reduce((sum, count) => sum + count, 0);
  let [observed, expected] = [0, 0];
  for (const [i, row] of table.entries()) {
    for (const [j, count] of row.entries()) {
      const distance = weights === "none" ? Number(i !== j) : (i - j) ** 2;
      observed += (distance * count) / total;
      expected += (distance * (rows[i] as number) * (columns[j] as number)) / total ** 2;
    }
  }
  return 1 - observed / expected;
}

/** A table of counts; every rating must be one of the categories. */
function tableOf(ratings: readonly RatedTwice[], categories: readonly string[]): number[][] {
  const place = new Map(categories.map((category, index) => [category, index]));
  const table = categories.map(() => new Array<number>(categories.length).fill(0));
  for (const { one, other } of ratings) {
    const row = table[place.get(one) as number] as number[];
    const column = place.get(other) as number;
    row[column] = (row[column] as number) + 1;
  }
  return table;
}

/**
 * Cohen's kappa (1960; weighted: 1968) of two raters with the percentile interval of a bootstrap over items: of a judge and people, or
 * of two people. `categories` are all possible ones, in their order. Resamples without any disagreement count as complete agreement.
 */
export function kappaWithInterval(
  ratings: readonly RatedTwice[],
  categories: readonly string[],
  { weights = "none", confidence = 0.975, resamples, seed }: Resampling & { weights?: KappaWeights; confidence?: number },
): Kappa {
  const random = seededRandom(seed);
  const drawn = new Float64Array(resamples).map(() => {
    const sample = ratings.map(() => ratings[(random() * ratings.length) | 0] as RatedTwice);
    const kappa = cohenKappa(tableOf(sample, categories), weights);
    return Number.isNaN(kappa) ? 1 : kappa;
  });
  return { value: cohenKappa(tableOf(ratings, categories), weights), ...percentileInterval(drawn.sort(), confidence) };
}
