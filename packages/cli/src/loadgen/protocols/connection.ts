/** The outcome of a request. `rejected` spans are refused for good, which is not a loss; a `refused` request may be sent again. */
export type SendOutcome =
  | { kind: "acknowledged"; rejected: number }
  | { kind: "refused"; code: string; isRetryable: boolean; retryAfterMs: number | undefined };

/** One connection to a server, used by one request at a time. `send` never throws. */
export interface LoadConnection extends Disposable {
  send(body: Buffer): Promise<SendOutcome>;
}
