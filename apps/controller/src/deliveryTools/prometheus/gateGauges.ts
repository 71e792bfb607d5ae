import type { Logger } from "pino";
import { Counter, Gauge, type Registry } from "prom-client";
import type { NewestRollouts, RolloutReader } from "../judgedRollout.ts";
import { GATE_LABELS, GATE_METRICS, type GateMetric, gateSeries } from "./gateSeries.ts";

/**
 * Adds the numbers of every gate's newest rollout to the metrics. While the store is away the other metrics are still reported and
 * `agent_gate_read_errors_total` grows; a single unreadable rollout shows as `agent_gate_unreadable`.
 */
export function registerGateGauges(metrics: Registry, rollouts: RolloutReader, log: Logger): void {
  const errors = new Counter({
    name: "agent_gate_read_errors_total",
    help: "Scrapes in which rollouts could not be read: series of gates are missing then.",
    registers: [metrics],
  });
  // The gauges of one scrape are collected at the same time, and share one read.
  let reading: Promise<NewestRollouts> | null = null;
  const read = (): Promise<NewestRollouts> => {
    reading ??= rollouts
      .newestOfEach(null)
      .catch((error: unknown) => {
        errors.inc();
        log.warn({ err: error }, "the rollouts of gates cannot be read: a scrape tells nothing of them");
        return { judged: [], unreadable: [] };
      })
      .finally(() => {
        reading = null;
      });
    return reading;
  };
  for (const [name, { help, labels }] of Object.entries(GATE_METRICS) as [GateMetric, (typeof GATE_METRICS)[GateMetric]][])
    new Gauge({
      ...{ name, help, labelNames: [...GATE_LABELS, ...labels], registers: [metrics] },
      async collect() {
        const { judged } = await read();
        this.reset();
        for (const sample of judged.flatMap(gateSeries)) if (sample.name === name) this.set(sample.labels, sample.value);
      },
    });
  new Gauge({
    name: "agent_gate_unreadable",
    help: "Gates whose newest rollout is on record and cannot be read: their other series are missing.",
    labelNames: ["project", "gate"],
    registers: [metrics],
    async collect() {
      const { unreadable } = await read();
      this.reset();
      for (const { project, gate } of unreadable) this.set({ project, gate }, 1);
    },
  });
}
