import { parsePrometheusText } from "@signalbox/model";

/**
 * What an endpoint says of itself: calls that wait and run there (everybody's,
 * not only ours), and how full a model's key-value cache is, 0 to 1.
 */
export interface Reported {
  waiting: number;
  running: number;
  cacheUsage: number;
}

/**
 * The metrics that say so, as inference servers name them (vLLM, and the older name of its cache;
 * the Gateway API's inference extension reads the same ones), and our own services beside them.
 */
const METRICS: Record<keyof Reported, readonly string[]> = {
  waiting: ["vllm:num_requests_waiting"],
  running: ["vllm:num_requests_running", "signalbox_service_requests_running"],
  cacheUsage: ["vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc"],
};

/** An endpoint whose cache is full still takes a little: the report may be old. */
const FREE_CACHE_MIN = 0.05;

/**
 * What the text of `/metrics` says of an endpoint's load; undefined when it says nothing
 * of that. One that serves several models counts them all, and the fullest cache.
 */
export function reportedIn(metricsText: string): Reported | undefined {
  const samples = parsePrometheusText(metricsText);
  const valuesOf = (metric: keyof Reported): number[] =>
    samples.flatMap(({ name, value }) => (METRICS[metric].includes(name) && value >= 0 ? [value] : []));
  const [waiting, running, cacheUsage] = [valuesOf("waiting"), valuesOf("running"), valuesOf("cacheUsage")];
  if (waiting.length + running.length + cacheUsage.length === 0) return undefined;
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return { waiting: sum(waiting), running: sum(running), cacheUsage: Math.min(1, Math.max(0, ...cacheUsage)) };
}

/** What is known of an endpoint's load. `inFlightThen` is how many calls were ours when it reported. */
export interface KnownLoad {
  inFlight: number;
  reported: { report: Reported; inFlightThen: number } | undefined;
}

/**
 * How busy an endpoint is, to compare two of them: our calls now, those
 * of others, and those that wait, each the dearer the fuller its cache.
 */
export function loadOf({ inFlight, reported }: KnownLoad): number {
  if (reported === undefined) return inFlight + 1;
  const { report, inFlightThen } = reported;
  const ofOthers = Math.max(0, report.waiting + report.running - inFlightThen);
  return (inFlight + ofOthers + 1) / Math.max(FREE_CACHE_MIN, 1 - report.cacheUsage);
}
