/** Lets suspects into the ward's process, one at a time; `full` for one that there is no room for. */
export type SuspectLine = <Result>(isNew: boolean, work: () => Promise<Result>) => Promise<Result | "full">;

/**
 * Opens a line of up to `suspectsMax` suspects, with the one inside. One whose worker is only now known to be dead goes before all that
 * wait, so that the first task of each death waits for one other at most, however many an earlier death left; where there is no room for
 * it, the last in line makes some. The others go as they came.
 */
export function openSuspectLine(suspectsMax: number): SuspectLine {
  const waiting: PromiseWithResolvers<boolean>[] = [];
  let isOneInside = false;

  function letIn(): void {
    if (isOneInside) return;
    const next = waiting.shift();
    isOneInside = next !== undefined;
    next?.resolve(true);
  }

  return async (isNew, work) => {
    const place = Promise.withResolvers<boolean>();
    if (isNew) waiting.unshift(place);
    else waiting.push(place);
    letIn();
    if (waiting.length + 1 > suspectsMax) waiting.pop()?.resolve(false);
    if (!(await place.promise)) return "full";
    try {
      return await work();
    } finally {
      isOneInside = false;
      letIn();
    }
  };
}
