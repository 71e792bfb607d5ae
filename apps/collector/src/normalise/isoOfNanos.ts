/** Nanoseconds since 1970 as ISO 8601 with milliseconds, UTC. */
export function isoOfNanos(nanos: bigint): string {
  return new Date(Number(nanos / 1_000_000n)).toISOString();
}
