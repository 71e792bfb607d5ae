/** The parameters of retries. */
export const RETRY_POLICY = {
  /** Retries are at most this share of calls, ... */
  share: 0.2,
  /** ... plus an initial reserve, so that a few calls may have their retry too. */
  reserve: 20,
  /** The most tries of one call. */
  triesMax: 3,
} as const satisfies Record<string, number>;

export type RetryPolicy = { readonly [Name in keyof typeof RETRY_POLICY]: number };

/**
 * Bounds retries to a share of all calls. A fixed number per call multiplies the load just
 * when a service can bear it least; a share adds no more than itself, however many calls fail.
 */
export interface RetryBudget {
  /** Notes the first try of a call. */
  called(): void;
  /** Takes one retry off the budget, if there is one. */
  take(): boolean;
}

/** Opens a budget with its reserve. */
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
