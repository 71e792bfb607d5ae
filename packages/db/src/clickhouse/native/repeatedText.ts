/**
 * A text that occurs in row after row. Its index in the column that it was
 * last appended to is cached here, so that it is looked up once per block.
 */
export class RepeatedText {
  readonly bytes: Uint8Array;
  /** Its `hashOf`. */
  readonly hash: number;
  /** The block of the column to which `numberThere` belongs. */
  there: object | null = null;
  numberThere = 0;

  constructor(bytes: Uint8Array, hash: number) {
    this.bytes = bytes;
    this.hash = hash;
  }
}
