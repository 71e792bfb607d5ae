import { expect, test } from "vitest";
import { benjaminiHochberg, holm } from "./corrections.ts";

/** The fifteen p-values of Benjamini and Hochberg (1995); adjusted ones as statsmodels gives them. */
const published = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1];
const rejected = (adjusted: readonly number[]): number => adjusted.filter((p) => p <= 0.05).length;

test("Benjamini and Hochberg reject four of their fifteen hypotheses, Holm three", () => {
  expect(rejected(benjaminiHochberg(published))).toBe(4);
  expect(rejected(holm(published))).toBe(3);
});

test("adjusted p-values are those of statsmodels", () => {
  expect(holm(published).slice(0, 6)).toEqual([0.0015, 0.0056, 0.0247, 0.114, 0.2211, 0.278].map((p) => expect.closeTo(p, 14)));
  expect(benjaminiHochberg(published).slice(3, 10)).toEqual(
    [0.035625, 0.0603, 0.06385714285714286, 0.06385714285714286, 0.0645, 0.0765, 0.486].map((p) => expect.closeTo(p, 14)),
  );
});

test("they come in the order given, and one or none is left alone", () => {
  expect(holm([0.5, 0.01])).toEqual([0.5, 0.02]);
  expect(benjaminiHochberg([0.5, 0.01])).toEqual([0.5, 0.02]);
  expect([holm([0.04]), benjaminiHochberg([0.04]), holm([])]).toEqual([[0.04], [0.04], []]);
});
