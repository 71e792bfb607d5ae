const FLOAT_BYTES = 4;

/** Numbers as 32-bit floats, little-endian on any machine. */
export function floatBytes(numbers: Float32Array): Buffer {
  const bytes = Buffer.alloc(numbers.length * FLOAT_BYTES);
  for (let at = 0; at < numbers.length; at += 1) bytes.writeFloatLE(numbers[at] as number, at * FLOAT_BYTES);
  return bytes;
}

/** Three consecutive arrays of floats of the given lengths; undefined unless they take exactly all the bytes. */
export function readFloats(
  bytes: Buffer,
  counts: readonly [number, number, number],
): [Float32Array, Float32Array, Float32Array] | undefined {
  if (bytes.length !== (counts[0] + counts[1] + counts[2]) * FLOAT_BYTES) return undefined;
  let start = 0;
  const next = (count: number): Float32Array => {
    const from = start;
    start += count;
    return Float32Array.from({ length: count }, (_, at) => bytes.readFloatLE((from + at) * FLOAT_BYTES));
  };
  return [next(counts[0]), next(counts[1]), next(counts[2])];
}
