/** The point between `low` and `high` at which `holds` changes from false to true, to the last bit. */
export function halved(low: number, high: number, holds: (at: number) => boolean): number {
  let [below, above] = [low, high];
  for (;;) {
    const middle = (below + above) / 2;
    if (middle === below || middle === above) return middle;
    if (holds(middle)) above = middle;
    else below = middle;
  }
}
