import { AppError } from "@signalbox/model";

/** The vector scaled to length 1. Throws `invalid_input` for a zero vector. */
export function unitVector(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (!(squares > 0 && squares < Number.POSITIVE_INFINITY))
    throw new AppError("invalid_input", "A vector of nothing but zeros, or with a value that is no number, has no direction.");
  const scale = 1 / Math.sqrt(squares);
  return vector.map((value) => value * scale);
}

/** Throws `invalid_input` unless a vector has this many dimensions. */
export function requireDimensions(vector: Float32Array, dimensions: number): void {
  if (vector.length !== dimensions)
    throw new AppError("invalid_input", `A vector has ${vector.length} dimensions where the others have ${dimensions}.`);
}
