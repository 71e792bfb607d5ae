/** Work that ends when its signal aborts. */
type Work<T> = (signal: AbortSignal) => Promise<T>;

/**
 * Runs works in parallel. When one fails the others are cancelled, and when the signal aborts
 * it rejects with its reason; all have ended when this settles, so that their resources may go.
 */
export async function sideBySide<T extends unknown[]>(signal: AbortSignal, ...works: { [Index in keyof T]: Work<T[Index]> }): Promise<T> {
  const failed = new AbortController();
  const calledOff = AbortSignal.any([signal, failed.signal]);
  const begun = works.map((work) => work(calledOff));
  for (const work of begun) work.catch((reason: unknown) => failed.abort(reason));
  await Promise.allSettled(begun);
  signal.throwIfAborted();
  failed.signal.throwIfAborted();
  return (await Promise.all(begun)) as T;
}
