import type { Random } from "@signalbox/model";
import type { SparseRows } from "../features/sparseRows.ts";
import { shuffle } from "../shuffle.ts";

/** The parameters of a support vector machine. */
export interface SvmSettings {
  /** The weight of errors against a wide margin. */
  cost: number;
  /** The spread of the projected gradient at which training stops. */
  tolerance: number;
  passesMax: number;
}

/** The dual problem: one multiplier per row, and the weights that result from them. */
class Dual {
  readonly weights: Float64Array;
  readonly #rows: SparseRows;
  readonly #signs: Int8Array;
  readonly #alphas: Float64Array;
  readonly #ridge: number;

  constructor(rows: SparseRows, signs: Int8Array, cost: number) {
    this.#rows = rows;
    this.#signs = signs;
    this.#ridge = 1 / (2 * cost);
    this.#alphas = new Float64Array(signs.length);
    this.weights = new Float64Array(rows.featureCount);
  }

  /** The derivative of the dual with respect to a row's multiplier. */
  gradient(row: number): number {
    const { starts, features, values } = this.#rows;
    const end = starts[row + 1] as number;
    let score = 0;
    for (let at = starts[row] as number; at < end; at += 1)
      score += (this.weights[features[at] as number] as number) * (values[at] as number);
    return (this.#signs[row] as number) * score - 1 + this.#ridge * (this.#alphas[row] as number);
  }

  /** Whether a row's multiplier is at its bound, zero. */
  isAtBound(row: number): boolean {
    return this.#alphas[row] === 0;
  }

  /** Moves a row's multiplier to where the derivative is zero, or to its bound. */
  descend(row: number, gradient: number): void {
    const { starts, features, values, squaredNorms } = this.#rows;
    const before = this.#alphas[row] as number;
    const after = Math.max(0, before - gradient / ((squaredNorms[row] as number) + this.#ridge));
    const step = (after - before) * (this.#signs[row] as number);
    this.#alphas[row] = after;
    const end = starts[row + 1] as number;
    for (let at = starts[row] as number; at < end; at += 1) {
      const feature = features[at] as number;
      this.weights[feature] = (this.weights[feature] as number) + step * (values[at] as number);
    }
  }
}

/**
 * A linear support vector machine with squared hinge loss: the `w` that minimises ½‖w‖² + cost · Σ max(0, 1 − yᵢ w·xᵢ)².
 * `signs` holds yᵢ: +1 for rows of the class, −1 for others. Dual coordinate descent with shrinking
 * (Hsieh et al., "A Dual Coordinate Descent Method for Large-scale Linear SVM", ICML 2008, algorithm 3).
 */
export function trainLinearSvm(rows: SparseRows, signs: Int8Array, settings: SvmSettings, random: Random): Float64Array {
  const dual = new Dual(rows, signs, settings.cost);
  const order = Int32Array.from(signs.keys());
  let active = order.length;
  let bound = Number.POSITIVE_INFINITY;

  for (let pass = 0; pass < settings.passesMax; pass += 1) {
    shuffle(order, active, random);
    let [highest, lowest] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let at = 0; at < active; at += 1) {
      const row = order[at] as number;
      const gradient = dual.gradient(row);
      const isAtBound = dual.isAtBound(row);
      if (isAtBound && gradient > bound) {
        // Far on the right side: left alone until the others have settled.
        active -= 1;
        order[at] = order[active] as number;
        order[active] = row;
        at -= 1;
        continue;
      }
      const projected = isAtBound ? Math.min(0, gradient) : gradient;
      highest = Math.max(highest, projected);
      lowest = Math.min(lowest, projected);
      if (projected !== 0) dual.descend(row, gradient);
    }

    const isSettled = highest - lowest <= settings.tolerance;
    if (isSettled && active === order.length) break;
    if (isSettled) active = order.length;
    bound = isSettled || highest <= 0 ? Number.POSITIVE_INFINITY : highest;
  }
  return dual.weights;
}
