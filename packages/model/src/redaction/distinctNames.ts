/** The entries of an object whose names redaction may have made equal: repeated names get a number, so that no entry is lost. */
export function withDistinctNames<V>(entries: [string, V][]): [string, V][] {
  if (new Set(entries.map(([name]) => name)).size === entries.length) return entries;
  const timesTaken = new Map<string, number>();
  return entries.map(([name, value]) => {
    let distinct = name;
    for (let times = timesTaken.get(name) ?? 0; timesTaken.has(distinct); distinct = `${name} ${times}`) {
      times += 1;
      timesTaken.set(name, times);
    }
    timesTaken.set(distinct, timesTaken.get(distinct) ?? 1);
    return [distinct, value];
  });
}
