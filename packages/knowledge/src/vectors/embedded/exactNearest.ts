import { requireDimensions, unitVector } from "../unitVector.ts";
import { Matrix } from "./matrix.ts";
import { Nearest } from "./nearest.ts";

/** Opens an exact search, which compares a query with every vector: returns the indexes of the nearest, nearest first. */
export function exactNearest(vectors: readonly Float32Array[]): (query: Float32Array, limit: number) => number[] {
  const matrix = new Matrix(vectors[0]?.length ?? 1, Math.max(1, vectors.length));
  for (const vector of vectors) {
    requireDimensions(vector, matrix.dimensions);
    matrix.push(unitVector(vector));
  }
  return (query, limit) => {
    const unit = unitVector(query);
    const nearest = new Nearest(limit);
    for (let row = 0; row < matrix.rows; row += 1) nearest.offer(row, matrix.dot(row, unit));
    return nearest.found.map(({ row }) => row);
  };
}
