/** A collection of rows' fingerprints, each a whole number below 2^32. */
export class Fingerprints {
  #values = new Uint32Array(16);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** The fingerprints in ascending order, in which the store merges them many times faster; valid until the next change. */
  sorted(): Uint32Array {
    return this.#values.subarray(0, this.#count).sort();
  }

  add(fingerprint: number): void {
    if (this.#count === this.#values.length) {
      const grown = new Uint32Array(this.#count * 4);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#count] = fingerprint;
    this.#count += 1;
  }

  /** Removes one row with this fingerprint. */
  remove(fingerprint: number): void {
    const at = this.#values.indexOf(fingerprint);
    if (at === -1 || at >= this.#count) return;
    this.#count -= 1;
    this.#values[at] = this.#values[this.#count] ?? 0;
  }
}
