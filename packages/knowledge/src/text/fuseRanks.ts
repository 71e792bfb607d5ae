/** How fast the weight of a rank falls (Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion", SIGIR 2009). */
const K = 60;

/**
 * Fuses lists of ids, each best first, into one: an id's score is the sum of 1 / (60 + rank) over its lists. Ties go to the earlier list.
 */
export function fuseRanks(lists: readonly (readonly string[])[], limit: number): { id: string; score: number }[] {
  const scores = new Map<string, number>();
  for (const list of lists) for (const [at, id] of list.entries()) scores.set(id, (scores.get(id) ?? 0) + 1 / (K + at + 1));
  return [...scores]
    .map(([id, score]) => ({ id, score }))
    .sort((a, b) => b.score - a.score)
    .slice(0, limit);
}
