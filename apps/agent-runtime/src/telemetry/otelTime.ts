import type { HrTime } from "@opentelemetry/api";

/** Microseconds since 1970 as OpenTelemetry's time, seconds and nanoseconds, without loss. */
export function hrTimeOf(us: number): HrTime {
  return [Math.floor(us / 1_000_000), (us % 1_000_000) * 1_000];
}
