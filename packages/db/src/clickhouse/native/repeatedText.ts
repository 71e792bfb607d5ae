/** A text that row after row has. The column that it was appended to last keeps its number here, so that it is sought once per block. */
export class RepeatedText {
  readonly bytes: Uint8Array;
  /** Its `hashOf`. */
  readonly hash: number;
  /** Which block of which column `numberThere` is of. */
  there: object | null = null;
  numberThere = 0;

  constructor(bytes: Uint8Array, hash: number) {
    this.bytes = bytes;
    this.hash = hash;
  }
}
