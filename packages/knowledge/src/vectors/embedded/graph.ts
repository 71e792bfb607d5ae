import { createRequire } from "node:module";
import type { Index } from "usearch";
import type { Matrix } from "./matrix.ts";

/**
 * The library, loaded lazily. As CommonJS: with `import` it locates its native part
 * through a stack trace, which misleads it where its importer is loaded later.
 */
const library = (): typeof import("usearch") => createRequire(import.meta.url)("usearch");

/**
 * Neighbours per vector, and the numbers of candidates when adding and when searching (HNSW's M, efConstruction and ef), by
 * measurement: docs/adr/015. Half precision halves the memory; the caller compares the candidates again in full precision.
 */
function emptyIndex(dimensions: number): Index {
  const { Index: NewIndex, MetricKind, ScalarKind } = library();
  const shape = { connectivity: 16, expansion_add: 128, expansion_search: 64, multi: false };
  return new NewIndex({ dimensions, metric: MetricKind.IP, quantization: ScalarKind.F16, ...shape });
}

const THREADS = 1;

/** A graph of near neighbours (HNSW) over the first rows of a matrix of unit vectors. */
export class Graph {
  readonly #index: Index;
  #rows = 0;

  constructor(dimensions: number) {
    this.#index = emptyIndex(dimensions);
  }

  /** The number of the matrix's first rows that are in it. */
  get rows(): number {
    return this.#rows;
  }

  /** Adds the next `count` rows of the matrix, or all that are left. */
  extend(matrix: Matrix, count: number): void {
    const until = Math.min(matrix.rows, this.#rows + count);
    for (; this.#rows < until; this.#rows += 1) this.#index.add(BigInt(this.#rows), matrix.row(this.#rows) as never, THREADS);
  }

  /** About the `count` rows nearest to a unit vector, in any order. */
  candidates(vector: Float32Array, count: number): number[] {
    const { keys } = this.#index.search(vector, Math.min(count, this.#rows), THREADS);
    return Array.from(keys, Number);
  }
}
