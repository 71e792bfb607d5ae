import { createHash, randomUUID } from "node:crypto";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { Graph } from "./graph.ts";
import { Matrix } from "./matrix.ts";
import { Namespace } from "./namespace.ts";

const FORMAT = "signalbox-vectors-1";
const FLOAT_BYTES = 4;
const DIGEST_BYTES = 32;
const LENGTH_BYTES = 4;

const Header = z.strictObject({
  format: z.literal(FORMAT),
  dimensions: z.number().int().positive(),
  records: z.array(z.strictObject({ id: z.string(), attributes: z.record(z.string(), z.string()) }).nullable()),
  graphBytes: z.number().int().nonnegative(),
});

const sha256 = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();

/** The bytes of a graph; its library reads and writes files alone. */
function graphBytes(graph: Graph | undefined, besides: string): Buffer {
  if (graph === undefined) return Buffer.alloc(0);
  const path = `${besides}.${randomUUID()}`;
  try {
    graph.save(path);
    return readFileSync(path);
  } finally {
    rmSync(path, { force: true });
  }
}

function graphOf(bytes: Buffer, dimensions: number, besides: string): Graph | undefined {
  if (bytes.length === 0) return undefined;
  const path = `${besides}.${randomUUID()}`;
  try {
    writeFileSync(path, bytes);
    return Graph.load(path, dimensions);
  } finally {
    rmSync(path, { force: true });
  }
}

/**
 * Writes a namespace into a file: SHA-256 of the rest, the length of a header, the header (JSON), vectors, graph. Whoever reads finds the file before or the file after, whole, whatever
 * happens meanwhile.
 */
export function writeNamespace(path: string, namespace: Namespace): void {
  const { matrix, records, graph } = namespace.parts;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const links = graphBytes(graph, path);
  const header = Buffer.from(
    JSON.stringify({
      format: FORMAT,
      dimensions: matrix.dimensions,
      records: records.map((record) => record ?? null),
      graphBytes: links.length,
    }),
  );
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(header.length);
  const { buffer, byteOffset, byteLength } = matrix.values;
  const content = Buffer.concat([length, header, Buffer.from(buffer, byteOffset, byteLength), links]);
  const draft = `${path}.${randomUUID()}`;
  const file = openSync(draft, "wx", 0o600);
  try {
    writeFileSync(file, sha256(content));
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
}

/** A namespace as a file has it; undefined where there is none, or one that is damaged or of another time: rows are the truth, and it is made again from them. */
export function readNamespace(path: string): Namespace | undefined {
  if (!existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  const content = bytes.subarray(DIGEST_BYTES);
  if (content.length < LENGTH_BYTES || !sha256(content).equals(bytes.subarray(0, DIGEST_BYTES))) return undefined;
  const vectorsAt = LENGTH_BYTES + content.readUInt32LE(0);
  const parsed = Header.safeParse(JSON.parse(content.toString("utf8", LENGTH_BYTES, vectorsAt)));
  if (!parsed.success) return undefined;
  const { dimensions, records } = parsed.data;
  const matrix = new Matrix(dimensions, Math.max(1, records.length));
  const graphAt = vectorsAt + records.length * dimensions * FLOAT_BYTES;
  // A copy, since floats have to begin at a multiple of four bytes.
  const values = new Float32Array(Uint8Array.from(content.subarray(vectorsAt, graphAt)).buffer);
  for (let row = 0; row < records.length; row += 1) matrix.push(values.subarray(row * dimensions, (row + 1) * dimensions));
  const graph = graphOf(content.subarray(graphAt), dimensions, path);
  return new Namespace({ matrix, records: records.map((record) => record ?? undefined), graph });
}
