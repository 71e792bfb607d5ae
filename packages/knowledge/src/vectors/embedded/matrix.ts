/** Vectors of one length in one contiguous array, which makes scanning all of them fast. */
export class Matrix {
  readonly dimensions: number;
  #values: Float32Array;
  #rows = 0;

  constructor(dimensions: number, rowsExpected = 16) {
    this.dimensions = dimensions;
    this.#values = new Float32Array(dimensions * rowsExpected);
  }

  get rows(): number {
    return this.#rows;
  }

  row(at: number): Float32Array {
    return this.#values.subarray(at * this.dimensions, (at + 1) * this.dimensions);
  }

  /** Adds a row; returns its index. */
  push(vector: Float32Array): number {
    if ((this.#rows + 1) * this.dimensions > this.#values.length) {
      const grown = new Float32Array(this.#values.length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values.set(vector, this.#rows * this.dimensions);
    this.#rows += 1;
    return this.#rows - 1;
  }

  /** The inner product of a row and a vector. Four partial sums: a single one would wait for itself at each step. */
  dot(at: number, vector: Float32Array): number {
    const values = this.#values;
    const { dimensions } = this;
    const start = at * dimensions;
    let [a, b, c, d] = [0, 0, 0, 0];
    let index = 0;
    for (; index + 3 < dimensions; index += 4) {
      a += (values[start + index] as number) * (vector[index] as number);
      b += (values[start + index + 1] as number) * (vector[index + 1] as number);
      c += (values[start + index + 2] as number) * (vector[index + 2] as number);
      d += (values[start + index + 3] as number) * (vector[index + 3] as number);
    }
    for (; index < dimensions; index += 1) a += (values[start + index] as number) * (vector[index] as number);
    return a + b + c + d;
  }
}
