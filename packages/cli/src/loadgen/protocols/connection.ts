/** What became of a request. Spans that the server `rejected` for good are no loss of its; what it `refused` may be sent again. */
export type SendOutcome =
  | { kind: "acknowledged"; rejected: number }
  | { kind: "refused"; code: string; isRetryable: boolean; retryAfterMs: number | undefined };

/** One connection to a server, used by one request at a time. `send` never throws. */
export interface LoadConnection extends Disposable {
  send(body: Buffer): Promise<SendOutcome>;
}
