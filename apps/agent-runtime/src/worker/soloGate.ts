/** Admits work. Suspects run one at a time and alone: if a process dies of a task, only the one that ran alone is to blame. */
export type SoloGate = <Result>(isSuspect: boolean, work: () => Promise<Result>) => Promise<Result>;

/** Opens a gate. It is first come, first served, so nobody waits for ever. */
export function openSoloGate(): SoloGate {
  const waiting: { isSuspect: boolean; enter: () => void }[] = [];
  let inside = 0;
  let isSuspectInside = false;

  function letIn(): void {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      if (isSuspectInside || (next.isSuspect && inside > 0)) return;
      waiting.shift();
      inside += 1;
      isSuspectInside = next.isSuspect;
      next.enter();
    }
  }

  return async (isSuspect, work) => {
    await new Promise<void>((enter) => {
      waiting.push({ isSuspect, enter });
      letIn();
    });
    try {
      return await work();
    } finally {
      inside -= 1;
      isSuspectInside = false;
      letIn();
    }
  };
}
