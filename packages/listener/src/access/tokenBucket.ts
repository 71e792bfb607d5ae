/** A key's allowance: `tokens` requests were left at `atMs`, milliseconds since 1970. */
export interface TokenBucket {
  tokens: number;
  atMs: number;
}

/** `bucket` is the allowance afterwards, either way. */
export type Taken = { kind: "taken"; bucket: TokenBucket } | { kind: "refused"; bucket: TokenBucket; retryAfterMs: number };

const MINUTE_MS = 60_000;

/**
 * Takes one request out of an allowance of `perMinuteMax`, which fills evenly and holds a minute's worth: a key
 * that has rested may use it at once. `before` is undefined at first. A clock that was set back fills nothing.
 */
export function takeToken(before: TokenBucket | undefined, perMinuteMax: number, nowMs: number): Taken {
  const tokensPerMs = perMinuteMax / MINUTE_MS;
  const filled = before === undefined ? perMinuteMax : before.tokens + Math.max(0, nowMs - before.atMs) * tokensPerMs;
  const tokens = Math.min(perMinuteMax, filled);
  if (tokens >= 1) return { kind: "taken", bucket: { tokens: tokens - 1, atMs: nowMs } };
  return { kind: "refused", bucket: { tokens, atMs: nowMs }, retryAfterMs: Math.ceil((1 - tokens) / tokensPerMs) };
}
