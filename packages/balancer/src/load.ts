import { parsePrometheusText } from "@signalbox/model";

/**
 * An endpoint's report of its load: calls waiting and running there (everybody's,
 * not only ours), and the usage of a model's key-value cache, 0 to 1.
 */
export interface Reported {
  waiting: number;
  running: number;
  cacheUsage: number;
}

/**
 * The metrics for the load, as inference servers name them (vLLM, with the older name of its cache;
 * the Gateway API's inference extension reads the same ones), and those of our own services.
 */
const METRICS: Record<keyof Reported, readonly string[]> = {
  waiting: ["vllm:num_requests_waiting"],
  running: ["vllm:num_requests_running", "signalbox_service_requests_running"],
  cacheUsage: ["vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc"],
};

/** Even an endpoint with a full cache takes a little: the report may be old. */
const FREE_CACHE_MIN = 0.05;

/**
 * The load in the text of `/metrics`; undefined when there is none. An
 * endpoint with several models counts all of them, and the fullest cache.
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

/** The known load of an endpoint. `inFlightThen` is the number of our calls when it reported. */
export interface KnownLoad {
  inFlight: number;
  reported: { report: Reported; inFlightThen: number } | undefined;
}

/** The load of an endpoint, for comparisons: our calls now, those of others, and those that wait, weighted by the usage of its cache. */
export function loadOf({ inFlight, reported }: KnownLoad): number {
  if (reported === undefined) return inFlight + 1;
  const { report, inFlightThen } = reported;
  const ofOthers = Math.max(0, report.waiting + report.running - inFlightThen);
  return (inFlight + ofOthers + 1) / Math.max(FREE_CACHE_MIN, 1 - report.cacheUsage);
}
