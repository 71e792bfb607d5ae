/** How soon a place in a list stops to matter (Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion", SIGIR 2009). */
const K = 60;

/**
 * Joins lists of ids, each best first, into one: an id's score is the sum of 1 / (60 +
 * place) over the lists that it is in. Of equals, the one of the earlier list is first.
 */
export function fuseRanks(lists: readonly (readonly string[])[], limit: number): { id: string; score: number }[] {
  const scores = new Map<string, number>();
  for (const list of lists) for (const [at, id] of list.entries()) scores.set(id, (scores.get(id) ?? 0) + 1 / (K + at + 1));
  return [...scores]
    .map(([id, score]) => ({ id, score }))
    .sort((a, b) => b.score - a.score)
    .slice(0, limit);
}
