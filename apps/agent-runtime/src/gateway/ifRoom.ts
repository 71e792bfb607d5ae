/** Limits a question to `askedMax` callers at a time. The answer is null beyond that, and when asking fails. */
export function ifRoom<Asked, Answer>(askedMax: number, ask: (asked: Asked) => Promise<Answer>): (asked: Asked) => Promise<Answer | null> {
  let waiting = 0;
  return async (asked) => {
    if (waiting >= askedMax) return null;
    waiting += 1;
    try {
      return await ask(asked);
    } catch {
      return null;
    } finally {
      waiting -= 1;
    }
  };
}
