import { Gauge, Histogram, type Registry } from "prom-client";

/** Counts the requests to a process's services. */
export type ServiceMetrics = {
  /** Notes the start of a request for `path`; the returned function notes its end. */
  begin: (path: string) => (outcome: "answered" | "failed") => void;
};

/** Histogram buckets of durations, in seconds: a memory answers within one, a planner that asks a model within many. */
const BUCKETS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];

/** Metrics of the number of running requests (by which callers balance), and of their durations. */
export function serviceMetrics(registry: Registry): ServiceMetrics {
  const registers = [registry];
  const running = new Gauge({
    name: "signalbox_service_requests_running",
    help: "Requests to a service that are being answered.",
    registers,
  });
  const seconds = new Histogram({
    ...{ name: "signalbox_service_request_seconds", help: "How long requests to a service took.", buckets: BUCKETS, registers },
    labelNames: ["path", "outcome"],
  });
  return {
    begin: (path) => {
      running.inc();
      const end = seconds.startTimer({ path });
      return (outcome) => {
        running.dec();
        end({ outcome });
      };
    },
  };
}
