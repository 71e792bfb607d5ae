/**
 * Lets suspects into the ward's process, one at a time; `full` if there is no room for one. `diedWith` names the process that it died with.
 */
export type SuspectLine = <Result>(diedWith: string, work: () => Promise<Result>) => Promise<Result | "full">;

type Place = PromiseWithResolvers<boolean> & { diedWith: string };

/** How many dead processes are remembered; one that is forgotten counts as new. */
const REMEMBERED_MAX = 1_000;

/**
 * Opens a line of up to `suspectsMax` suspects, including the one inside. The first suspect of each dead process goes before all others: so
 * it waits for the one inside and for the firsts of other deaths, however many suspects a death leaves, and whether its own death was known
 * before or not. The rest is first come, first served; if there is no room, the last in line is put out.
 */
export function openSuspectLine(suspectsMax: number): SuspectLine {
  const firsts: Place[] = [];
  const others: Place[] = [];
  /** Dead processes of which a suspect was let in. */
  const begun = new Set<string>();
  let isOneInside = false;

  function letIn(): void {
    if (isOneInside) return;
    const next = firsts.shift() ?? others.shift();
    isOneInside = next !== undefined;
    if (next === undefined) return;
    begun.add(next.diedWith);
    const [oldest = ""] = begun;
    if (begun.size > REMEMBERED_MAX) begun.delete(oldest);
    next.resolve(true);
  }

  return async (diedWith, work) => {
    const place: Place = { ...Promise.withResolvers<boolean>(), diedWith };
    const isFirst = !begun.has(diedWith) && !firsts.some((first) => first.diedWith === diedWith);
    (isFirst ? firsts : others).push(place);
    letIn();
    if (firsts.length + others.length + 1 > suspectsMax) (others.pop() ?? firsts.pop())?.resolve(false);
    if (!(await place.promise)) return "full";
    try {
      return await work();
    } finally {
      isOneInside = false;
      letIn();
    }
  };
}
