/** Keeps the best of the offered rows, up to a number. */
export class Nearest {
  readonly #limit: number;
  /** Best first. The list is short, so insertion is faster than in a heap. */
  readonly #found: { row: number; score: number }[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  offer(row: number, score: number): void {
    const found = this.#found;
    if (found.length === this.#limit && score <= (found.at(-1)?.score ?? 0)) return;
    let place = found.length;
    while (place > 0 && (found[place - 1]?.score ?? 0) < score) place -= 1;
    found.splice(place, 0, { row, score });
    if (found.length > this.#limit) found.pop();
  }

  /** Best first; ties in the order in which they were offered. */
  get found(): readonly { row: number; score: number }[] {
    return this.#found;
  }
}
