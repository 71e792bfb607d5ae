import { mulberry32 } from "@signalbox/model";
import { expect, test } from "vitest";
import { type SparseRows, stackRows } from "../features/sparseRows.ts";
import { trainLinearSvm } from "./linearSvm.ts";

const SETTINGS = { cost: 0.7, tolerance: 1e-6, passesMax: 2_000 };
const FEATURES = 12;
const ROWS = 80;

/** Rows of random values whose signs a hidden plane decides, with some exceptions. */
function aProblem(seed: number): { rows: SparseRows; signs: Int8Array } {
  const random = mulberry32(seed);
  const plane = Array.from({ length: FEATURES }, () => random() - 0.5);
  const rows = Array.from({ length: ROWS }, () => {
    const features = Int32Array.from([...Array(FEATURES).keys()].filter(() => random() < 0.5));
    return { features, values: Float32Array.from(features, () => random() * 2 - 1) };
  });
  const signs = Int8Array.from(rows, ({ features, values }) => {
    const score = values.reduce((sum, value, at) => sum + value * (plane[features[at] ?? 0] ?? 0), 0);
    return score + (random() - 0.5) * 0.4 > 0 ? 1 : -1;
  });
  return { rows: stackRows(rows, FEATURES), signs };
}

/** ½‖w‖² + cost · Σ max(0, 1 − yᵢ w·xᵢ)², computed by definition. */
function objective({ starts, features, values }: SparseRows, signs: Int8Array, weights: Float64Array): number {
  let sum = weights.reduce((squares, weight) => squares + weight * weight, 0) / 2;
  for (const [row, sign] of signs.entries()) {
    let score = 0;
    for (let at = starts[row] ?? 0; at < (starts[row + 1] ?? 0); at += 1) score += (weights[features[at] ?? 0] ?? 0) * (values[at] ?? 0);
    sum += SETTINGS.cost * Math.max(0, 1 - sign * score) ** 2;
  }
  return sum;
}

/** The gradient of the objective by finite differences. */
function slopes({ rows, signs }: { rows: SparseRows; signs: Int8Array }, weights: Float64Array): number[] {
  const step = 1e-5;
  return [...weights.keys()].map((feature) => {
    const moved = (by: number): Float64Array => weights.with(feature, (weights[feature] ?? 0) + by);
    return (objective(rows, signs, moved(step)) - objective(rows, signs, moved(-step))) / (2 * step);
  });
}

test.each([1, 2, 3, 4, 5])("the weights are where the objective has no slope in any direction (problem %d)", (seed) => {
  const problem = aProblem(seed);
  const weights = trainLinearSvm(problem.rows, problem.signs, SETTINGS, mulberry32(seed));
  expect(Math.max(...slopes(problem, weights).map(Math.abs))).toBeLessThan(1e-4);
  expect(Math.max(...slopes(problem, new Float64Array(FEATURES)).map(Math.abs))).toBeGreaterThan(1);
});

test("the order in which rows are looked at does not change where it ends", () => {
  const { rows, signs } = aProblem(7);
  const [one, other] = [1, 2].map((seed) => trainLinearSvm(rows, signs, SETTINGS, mulberry32(seed)));
  expect([...(one ?? [])]).toEqual([...(other ?? [])].map((weight) => expect.closeTo(weight, 5)));
});

test("the same seed gives the same bits", () => {
  const { rows, signs } = aProblem(8);
  const train = (): Float64Array => trainLinearSvm(rows, signs, { ...SETTINGS, passesMax: 3 }, mulberry32(1));
  expect(train()).toEqual(train());
});
