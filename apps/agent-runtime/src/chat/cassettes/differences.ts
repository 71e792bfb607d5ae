/** A path at which two JSON values differ, with both values; `undefined` where one has none. */
export type Difference = { path: string; asked: unknown; recorded: unknown };

function membersOf(value: unknown): Map<string, unknown> | null {
  if (Array.isArray(value)) return new Map(value.map((item, index) => [`[${index}]`, item]));
  if (value === null || typeof value !== "object") return null;
  return new Map(Object.entries(value).map(([key, member]) => [`.${key}`, member]));
}

/** The deepest differences of two JSON values, in the order of the first one's keys. */
export function differencesOf(asked: unknown, recorded: unknown, path = ""): Difference[] {
  const [ours, theirs] = [membersOf(asked), membersOf(recorded)];
  if (ours === null || theirs === null || Array.isArray(asked) !== Array.isArray(recorded))
    return Object.is(asked, recorded) ? [] : [{ path, asked, recorded }];
  const keys = new Set([...ours.keys(), ...theirs.keys()]);
  return [...keys].flatMap((key) => differencesOf(ours.get(key), theirs.get(key), `${path}${key}`));
}
