import { mulberry32, normalFrom, type Random } from "@signalbox/model";
import { unitVector } from "./unitVector.ts";

/**
 * The distribution of synthetic vectors. `uniform`: equally likely in every direction, the hardest case for any index. `clustered`:
 * around `clusters` centres, each a centre plus a vector of length `spread` in any direction, closer to embeddings of real texts.
 */
export type CloudShape = { kind: "uniform" } | { kind: "clustered"; clusters: number; spread: number };

function anyDirection(dimensions: number, random: Random): Float32Array {
  return unitVector(Float32Array.from({ length: dimensions }, () => normalFrom(random)));
}

/** An endless source of synthetic unit vectors; the same seed gives the same ones. */
export function openCloud(shape: CloudShape, dimensions: number, seed: number): () => Float32Array {
  const random = mulberry32(seed);
  if (shape.kind === "uniform") return () => anyDirection(dimensions, random);
  const centres = Array.from({ length: shape.clusters }, () => anyDirection(dimensions, random));
  return () => {
    const centre = centres[Math.floor(random() * centres.length)] as Float32Array;
    const away = anyDirection(dimensions, random);
    return unitVector(centre.map((value, at) => value + shape.spread * (away[at] as number)));
  };
}
