/** Where `holds` begins to be true between `low` and `high`, to the last bit. It is false below some point and true above. */
export function halved(low: number, high: number, holds: (at: number) => boolean): number {
  let [below, above] = [low, high];
  for (;;) {
    const middle = (below + above) / 2;
    if (middle === below || middle === above) return middle;
    if (holds(middle)) above = middle;
    else below = middle;
  }
}
