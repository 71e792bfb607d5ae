import { cohenKappa } from "../statistics/agreement/kappa.ts";
import { type AnswerLevel, krippendorffAlpha, type UnitCounts } from "../statistics/agreement/krippendorff.ts";
import { percentileInterval } from "../statistics/paired/pairedBootstrap.ts";
import { seededRandom } from "../statistics/seededRandom.ts";

/** A person's answer about an item; `answer` is its index among the possible answers, in their order. */
export interface PersonAnswer {
  readonly item: string;
  readonly person: string;
  readonly answer: number;
}

/**
 * The agreement of people who answered about the same items. `raw` is the share of equal pairs among the answers about one item;
 * `value` is Cohen's kappa for two people (with quadratic weights on a scale), Krippendorff's alpha for more, with the percentile
 * interval of a bootstrap over items. All three are null where everybody always gave the same answer: chance would do that too.
 */
export interface Agreement {
  readonly measure: "kappa" | "alpha";
  readonly people: number;
  readonly items: number;
  readonly raw: number;
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

const RESAMPLES = 1_000;
const CONFIDENCE = 0.975;

/** The answers about one item, by person. */
type Unit = readonly PersonAnswer[];

const countsOf = (unit: Unit, answers: number): UnitCounts =>
  Array.from({ length: answers }, (_, place) => unit.filter(({ answer }) => answer === place).length);

/** The share of equal pairs among the answers about one item. */
function rawAgreement(units: readonly UnitCounts[]): number {
  let [same, pairs] = [0, 0];
  for (const counts of units) {
    const all = counts.reduce((sum, count) => sum + count, 0);
    same += counts.reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
    pairs += (all * (all - 1)) / 2;
  }
  return same / pairs;
}

/** A statistic of a sample of items, given by their indexes. */
type Measure = (places: readonly number[]) => number;

/** Cohen's kappa of two people who both answered about every unit. */
function kappaOf(units: readonly Unit[], answers: number, level: AnswerLevel): Measure {
  const [first = ""] = (units[0] ?? []).map(({ person }) => person).sort();
  const cells = units.map((unit) => {
    const [one, other] = unit[0]?.person === first ? unit : unit.toReversed();
    return [one?.answer ?? 0, other?.answer ?? 0] as const;
  });
  return (places) => {
    const table = Array.from({ length: answers }, () => new Array<number>(answers).fill(0));
    for (const place of places) {
      const [one, other] = cells[place] as (typeof cells)[number];
      const row = table[one] as number[];
      row[other] = (row[other] as number) + 1;
    }
    return cohenKappa(table, level === "ordinal" ? "quadratic" : "none");
  };
}

/**
 * The agreement of people; null where no two answered about the same item. `answers`
 * is the number of possible answers. Each person answers about an item once.
 */
export function agreementOf(given: readonly PersonAnswer[], answers: number, level: AnswerLevel, { seed = 1 } = {}): Agreement | null {
  const units = [...Map.groupBy(given, ({ item }) => item).values()].filter((unit) => unit.length > 1);
  if (units.length === 0) return null;
  const people = new Set(units.flatMap((unit) => unit.map(({ person }) => person))).size;
  const counts = units.map((unit) => countsOf(unit, answers));
  const measure: Measure =
    people === 2
      ? kappaOf(units, answers, level)
      : (places) =>
          krippendorffAlpha(
            places.map((place) => counts[place] as UnitCounts),
            level,
          );
  const value = measure([...units.keys()]);
  const said = { measure: people === 2 ? "kappa" : "alpha", people, items: units.length, raw: rawAgreement(counts) } as const;
  if (Number.isNaN(value)) return { ...said, value: null, lower: null, upper: null };
  const random = seededRandom(seed);
  const drawn = new Float64Array(RESAMPLES).map(() => {
    const found = measure(units.map(() => (random() * units.length) | 0));
    // A resample without any disagreement counts as complete agreement.
    return Number.isNaN(found) ? 1 : found;
  });
  return { ...said, value, ...percentileInterval(drawn.sort(), CONFIDENCE) };
}
