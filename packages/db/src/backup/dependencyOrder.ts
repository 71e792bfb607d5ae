/** A foreign-key reference from one table to another. */
export interface Reference {
  table: string;
  to: string;
}

/** Sorts tables such that each comes after the tables that it refers to; a table may refer to itself. Throws on a cycle. */
export function inDependencyOrder(tables: readonly string[], references: readonly Reference[]): string[] {
  const ordered: string[] = [];
  const waiting = new Set(tables);
  while (waiting.size > 0) {
    const isBlocked = (name: string): boolean => references.some(({ table, to }) => table === name && to !== name && waiting.has(to));
    const free = [...waiting].filter((name) => !isBlocked(name));
    if (free.length === 0) throw new Error(`tables refer to one another in a circle: ${[...waiting].join(", ")}`);
    for (const name of free) waiting.delete(name);
    ordered.push(...free);
  }
  return ordered;
}
