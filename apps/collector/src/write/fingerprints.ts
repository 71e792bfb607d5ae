/** Fingerprints of rows, a whole number below 2^32 each. */
export class Fingerprints {
  #values = new Uint32Array(16);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** In ascending order, in which the store puts them together many times faster; right until the next change. */
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

  /** Takes one row out again that has this fingerprint. */
  remove(fingerprint: number): void {
    const at = this.#values.indexOf(fingerprint);
    if (at === -1 || at >= this.#count) return;
    this.#count -= 1;
    this.#values[at] = this.#values[this.#count] ?? 0;
  }
}
