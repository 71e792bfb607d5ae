import type { LatencyFigures, MetricFigures } from "./liveVerdict.ts";

/** A length of time in seconds from one second on, in milliseconds below it. */
const timeText = (ms: number): string => (ms < 1_000 ? `${ms} ms` : `${Number((ms / 1_000).toPrecision(3))} s`);

function armText({ units, value, lower, upper }: LatencyFigures): string {
  if (value === null) return units === 0 ? "unknown, without units" : "longer than units are waited for";
  const between =
    lower === null
      ? upper === null
        ? `${units} units are too few for an interval`
        : `up to ${timeText(upper)}`
      : `${timeText(lower)} ${upper === null ? "or more" : `to ${timeText(upper)}`}`;
  return `${timeText(value)} (${between})`;
}

/** How long 95 of 100 units of each version take at most, by a metric of latency, with the interval; undefined where it is not known. */
export function latencyText({ name, p95Ms }: MetricFigures): string | undefined {
  return p95Ms === undefined ? undefined : `p95 by ${name}: candidate ${armText(p95Ms.candidate)}, stable ${armText(p95Ms.stable)}.`;
}
