/** Something that ends when its signal aborts. */
type Work<T> = (signal: AbortSignal) => Promise<T>;

/** Does two things at once. When one fails the other is called off, and when the signal aborts its reason is told; both have ended when this does, so what they use may go. */
export async function sideBySide<A, B>(signal: AbortSignal, first: Work<A>, second: Work<B>): Promise<[A, B]> {
  const failed = new AbortController();
  const calledOff = AbortSignal.any([signal, failed.signal]);
  const works = [first(calledOff), second(calledOff)] as const;
  for (const work of works) work.catch((reason: unknown) => failed.abort(reason));
  await Promise.allSettled(works);
  signal.throwIfAborted();
  failed.signal.throwIfAborted();
  return Promise.all(works);
}
