import { readFile } from "node:fs/promises";
import { type CloudShape, openCloud } from "@signalbox/knowledge";
import { AppError } from "@signalbox/model";
import { z } from "zod";

/** Vectors to store, and others of the same distribution as queries. */
export interface VectorSet {
  name: string;
  stored: Float32Array[];
  queries: Float32Array[];
}

/** A hundred vectors per cluster, like 20,000 texts about 200 things. */
const VECTORS_PER_CLUSTER = 100;
const SPREAD = 0.5;

/** Clustered vectors, as embeddings of texts are, and uniform ones, which have hardly any near neighbours. */
export function madeUpSets({ vectors, dimensions, queries, seed }: { vectors: number; dimensions: number; queries: number; seed: number }) {
  const clusters = Math.max(1, Math.round(vectors / VECTORS_PER_CLUSTER));
  const of = (name: string, shape: CloudShape) => (): VectorSet => {
    const next = openCloud(shape, dimensions, seed);
    const some = (count: number): Float32Array[] => Array.from({ length: count }, next);
    return { name, stored: some(vectors), queries: some(queries) };
  };
  return [of("clustered", { kind: "clustered", clusters, spread: SPREAD }), of("uniform", { kind: "uniform" })];
}

const Numbers = z.array(z.number()).min(2);
const Line = z.union([Numbers, z.object({ vector: Numbers }).transform(({ vector }) => vector)]);

function vectorOf(line: string, path: string, number: number): Float32Array {
  const refuse = (what: string): AppError => new AppError("invalid_input", `${path}, line ${number}: ${what}.`);
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw refuse("it is no JSON");
  }
  const parsed = Line.safeParse(value);
  if (!parsed.success) throw refuse("it is neither an array of numbers nor an object with one as vector");
  return Float32Array.from(parsed.data);
}

/** A file's vectors; up to `queries` of them, evenly spaced and at most a tenth of the file, are held out as queries. */
export async function ownSet(path: string, queries: number): Promise<VectorSet> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new AppError("invalid_input", `${path} cannot be read (${cause.code}).`, { cause });
  });
  const lines = text.split("\n");
  const vectors = lines.flatMap((line, at) => (line.trim() === "" ? [] : [vectorOf(line, path, at + 1)]));
  const dimensions = vectors[0]?.length ?? 0;
  if (vectors.some((vector) => vector.length !== dimensions))
    throw new AppError("invalid_input", `${path} has vectors of different lengths.`);
  const every = Math.max(10, Math.ceil(vectors.length / queries));
  const isQuery = (at: number): boolean => at % every === every - 1;
  const set = { name: "own", stored: vectors.filter((_, at) => !isQuery(at)), queries: vectors.filter((_, at) => isQuery(at)) };
  if (set.queries.length === 0) throw new AppError("invalid_input", `${path} has ${vectors.length} vectors; ten are the least.`);
  return set;
}
