/** How many calls may be made again. */
export const RETRY_POLICY = {
  /** Retries are at most this share of calls, ... */
  share: 0.2,
  /** ... but for so many that are always there to begin with, so that few calls may have their retry too. */
  reserve: 20,
  /** How often one call is made at most. */
  triesMax: 3,
} as const satisfies Record<string, number>;

export type RetryPolicy = { readonly [Name in keyof typeof RETRY_POLICY]: number };

/**
 * Bounds retries to a share of all calls. A fixed number for each call multiplies the load
 * just when a service can bear it least; a share adds no more than itself, however many fail.
 */
export interface RetryBudget {
  /** A call is made for the first time. */
  called(): void;
  /** Takes one retry off the budget, if there is one. */
  take(): boolean;
}

/** A budget with its reserve. */
export function openRetryBudget({ share, reserve }: RetryPolicy = RETRY_POLICY): RetryBudget {
  let retries = reserve;
  return {
    called() {
      retries = Math.min(reserve, retries + share);
    },
    take() {
      if (retries < 1) return false;
      retries -= 1;
      return true;
    },
  };
}
