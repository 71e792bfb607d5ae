/** Makes a look into the store; throws what it throws, or the store's failure to answer. */
export type Looks = <Value>(look: () => Promise<Value>) => Promise<Value>;

/** SQL states of a transaction that lost against another one: the store is there. */
const LOST_TO_ANOTHER = /^40/;

function isOutage(error: unknown): boolean {
  return !(error instanceof Error && "code" in error && LOST_TO_ANOTHER.test(String(error.code)));
}

/** Opens looks of which the first after an outage is made when the store answers `ask` again, and `pause` is over. */
export function graceAfterOutage(ask: () => Promise<unknown>, pause: () => Promise<void>): Looks {
  let wasAway = false;
  return async (look) => {
    try {
      if (wasAway) {
        await ask();
        await pause();
      }
      const seen = await look();
      wasAway = false;
      return seen;
    } catch (error) {
      wasAway ||= isOutage(error);
      throw error;
    }
  };
}
