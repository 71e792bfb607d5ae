/** The Levenshtein distance between two texts, in characters. */
function editsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, character] of [...one].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= other.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (character === other[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** The name that somebody most likely meant; undefined where there are none. */
export function nearestName(meant: string, names: readonly string[]): string | undefined {
  const near = names.map((name) => ({ name, edits: editsBetween(meant, name) }));
  return near.sort((one, other) => one.edits - other.edits)[0]?.name;
}
