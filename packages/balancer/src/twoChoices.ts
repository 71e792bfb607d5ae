/**
 * The less loaded of two random items; undefined when there are none. Two are enough to avoid the busy ones, and unlike the least
 * loaded of all they do not attract everybody at once (Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 2001).
 */
export function twoChoices<Item>(items: readonly Item[], loadOf: (item: Item) => number, random: () => number): Item | undefined {
  const first = Math.floor(random() * items.length);
  if (items.length < 2) return items[first];
  const step = 1 + Math.floor(random() * (items.length - 1));
  const [one, other] = [items[first] as Item, items[(first + step) % items.length] as Item];
  return loadOf(other) < loadOf(one) ? other : one;
}
