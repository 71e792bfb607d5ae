import { distance } from "fastest-levenshtein";
import { jsonIn } from "../jsonIn.ts";
import { defineScorer, graded, PassAt } from "../scorer.ts";

type Tree = Readonly<Record<string, unknown>>;

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 1 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function likenessOfLeaves(one: unknown, other: unknown): number {
  if (typeof one === "string" && typeof other === "string") {
    const longer = Math.max(one.length, other.length);
    return longer === 0 ? 1 : 1 - distance(one, other) / longer;
  }
  if (typeof one === "number" && typeof other === "number")
    return one === other ? 1 : Math.max(0, 1 - Math.abs(one - other) / (Math.abs(one) + Math.abs(other)));
  return one === other ? 1 : 0;
}

/**
 * The similarity of two JSON values, from 0 to 1: the mean over the keys of two objects and over the indexes
 * of two arrays (0 where only one side has it), for two texts 1 - Levenshtein / longer, for two numbers 1 -
 * |a-b| / (|a|+|b|), for anything else whether they are equal. The rule of `JSONDiff` in `autoevals`.
 */
export function likeness(one: unknown, other: unknown): number {
  if (isTree(one) && isTree(other)) {
    const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
    return mean(keys.map((key) => (Object.hasOwn(one, key) && Object.hasOwn(other, key) ? likeness(one[key], other[key]) : 0)));
  }
  if (Array.isArray(one) && Array.isArray(other)) {
    const longer = Math.max(one.length, other.length);
    return mean(
      Array.from({ length: longer }, (_, index) => (index < one.length && index < other.length ? likeness(one[index], other[index]) : 0)),
    );
  }
  return likenessOfLeaves(one, other);
}

/** Scores the similarity of answer and expectation as JSON, part by part. */
export const jsonDiff = defineScorer({
  name: "json_diff",
  summary: "how alike the answer and the expected JSON are, part by part, 0 to 1; passes at `passAt`",
  needs: "expectedOutput",
  options: PassAt,
  make:
    ({ passAt }) =>
    (item, answer) => {
      const expected = jsonIn(item.expectedOutput) ?? item.expectedOutput;
      const given = jsonIn(answer.output) ?? answer.output;
      return graded(likeness(given, expected), passAt, "not the expected JSON in every part");
    },
});
