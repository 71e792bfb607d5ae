/** Some keys with others among them, or without them. */
export function withKeys(keys: ReadonlySet<string>, others: readonly string[], isIn: boolean): ReadonlySet<string> {
  if (isIn) return new Set([...keys, ...others]);
  const dropped = new Set(others);
  return new Set([...keys].filter((key) => !dropped.has(key)));
}
