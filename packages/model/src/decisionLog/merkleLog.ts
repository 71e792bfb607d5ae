import { hash } from "node:crypto";

const HASH_BYTES = 32;
const LEAF = "\0";
const NODE = Buffer.of(1);

/** The hash of a leaf with content `entry` (RFC 9162 §2.1.1): 32 bytes. */
export function leafHash(entry: string): Buffer {
  return sha256(`${LEAF}${entry}`);
}

function nodeHash(left: Buffer, right: Buffer): Buffer {
  return sha256(Buffer.concat([NODE, left, right]));
}

/** Hashes to a string and back: allocating a buffer per hash takes twice as long as the hash itself. */
function sha256(content: string | Buffer): Buffer {
  return Buffer.from(hash("sha256", content, "binary"), "latin1");
}

/**
 * An append-only Merkle tree (RFC 9162 §2.1) that keeps only its frontier: the roots of the
 * complete subtrees, largest first. Appending costs two hashes on average, whatever the size.
 */
export class MerkleLog {
  #size: number;
  readonly #peaks: Buffer[];

  /** Resumes from the `frontier` of a tree of `size` leaves; throws `RangeError` where the two do not match. */
  constructor(size = 0, frontier: Uint8Array = new Uint8Array()) {
    const peaks = Math.floor(frontier.byteLength / HASH_BYTES);
    if (frontier.byteLength % HASH_BYTES !== 0 || peaks !== onesIn(size))
      throw new RangeError(`a tree of ${size} leaves has no frontier of ${frontier.byteLength} bytes`);
    this.#size = size;
    this.#peaks = Array.from({ length: peaks }, (_, index) => Buffer.from(frontier.slice(index * HASH_BYTES, (index + 1) * HASH_BYTES)));
  }

  get size(): number {
    return this.#size;
  }

  get frontier(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(Buffer.concat(this.#peaks));
  }

  /** The root, in hex. */
  get root(): string {
    const root = this.#peaks.reduceRight<Buffer | undefined>(
      (right, left) => (right === undefined ? left : nodeHash(left, right)),
      undefined,
    );
    return (root ?? sha256("")).toString("hex");
  }

  append(leaf: Uint8Array): void {
    let tree: Buffer = Buffer.from(leaf);
    for (let trees = this.#size; trees % 2 === 1; trees = Math.floor(trees / 2)) tree = nodeHash(this.#peaks.pop() ?? tree, tree);
    this.#peaks.push(tree);
    this.#size += 1;
  }
}

/** The number of one bits in a whole number. */
function onesIn(number: number): number {
  return number.toString(2).replaceAll("0", "").length;
}
