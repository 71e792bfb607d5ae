/** A key's allowance: `tokens` requests were left at `atMs`, milliseconds since 1970. */
export interface TokenBucket {
  tokens: number;
  atMs: number;
}

/** The result of taking a token. `bucket` is the allowance afterwards, in either case. */
export type Taken = { kind: "taken"; bucket: TokenBucket } | { kind: "refused"; bucket: TokenBucket; retryAfterMs: number };

const MINUTE_MS = 60_000;

/**
 * Takes one request from an allowance of `perMinuteMax`, which refills evenly and holds a minute's worth: a key
 * that was idle may use that at once. `before` is undefined at first. A clock that was set back refills nothing.
 */
export function takeToken(before: TokenBucket | undefined, perMinuteMax: number, nowMs: number): Taken {
  const tokensPerMs = perMinuteMax / MINUTE_MS;
  const filled = before === undefined ? perMinuteMax : before.tokens + Math.max(0, nowMs - before.atMs) * tokensPerMs;
  const tokens = Math.min(perMinuteMax, filled);
  if (tokens >= 1) return { kind: "taken", bucket: { tokens: tokens - 1, atMs: nowMs } };
  return { kind: "refused", bucket: { tokens, atMs: nowMs }, retryAfterMs: Math.ceil((1 - tokens) / tokensPerMs) };
}
