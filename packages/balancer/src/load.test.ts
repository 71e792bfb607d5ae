import { expect, test } from "vitest";
import { loadOf, reportedIn } from "./load.ts";

test("an inference server's report is read, over all of its models", () => {
  const text = `# TYPE vllm:num_requests_waiting gauge
vllm:num_requests_waiting{model_name="a"} 3.0
vllm:num_requests_waiting{model_name="b"} 2.0
vllm:num_requests_running{model_name="a"} 4
vllm:kv_cache_usage_perc{model_name="a"} 0.25
vllm:kv_cache_usage_perc{model_name="b"} 0.75`;
  expect(reportedIn(text)).toEqual({ waiting: 5, running: 4, cacheUsage: 0.75 });
});

test("a service of ours reports what runs, and other metrics say nothing", () => {
  expect(reportedIn("signalbox_service_requests_running 7")).toEqual({ waiting: 0, running: 7, cacheUsage: 0 });
  expect(reportedIn("process_cpu_seconds_total 7\nvllm:num_requests_waiting NaN")).toBeUndefined();
});

test("calls of others count, our own count once", () => {
  const report = { waiting: 4, running: 6, cacheUsage: 0 };
  expect(loadOf({ inFlight: 2, reported: undefined })).toBe(3);
  expect(loadOf({ inFlight: 2, reported: { report, inFlightThen: 5 } })).toBe(8);
  expect(loadOf({ inFlight: 0, reported: { report, inFlightThen: 50 } })).toBe(1);
});

test("of two equally busy endpoints, the one with the fuller cache has the greater load", () => {
  const at = (cacheUsage: number): number =>
    loadOf({ inFlight: 3, reported: { report: { waiting: 0, running: 3, cacheUsage }, inFlightThen: 3 } });
  expect(at(0.5)).toBe(2 * at(0));
  expect(at(1)).toBe(20 * at(0));
});
