/** Lets suspects into the ward's process, one at a time; `full` if there is no room for one. */
export type SuspectLine = <Result>(isNew: boolean, work: () => Promise<Result>) => Promise<Result | "full">;

/**
 * Opens a line of up to `suspectsMax` suspects, including the one inside. A suspect whose worker's death is new goes before all that wait,
 * so that the first task of each death waits for at most one other, however many an earlier death left; if there is no room for it, the
 * last in line is put out. The others are first come, first served.
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
