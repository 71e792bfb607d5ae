import { Gauge, type Registry } from "prom-client";
import type { JudgedRollout, RolloutReader } from "../judgedRollout.ts";
import { GATE_LABELS, GATE_METRICS, type GateMetric, gateSeries } from "./gateSeries.ts";

/** Puts the numbers of every gate's newest rollout beside the other metrics of a scrape. While the store is away the others are told. */
export function registerGateGauges(metrics: Registry, rollouts: RolloutReader): void {
  // The gauges of one scrape are collected at the same time, and share one reading.
  let reading: Promise<JudgedRollout[]> | null = null;
  const read = (): Promise<JudgedRollout[]> => {
    reading ??= rollouts
      .newestOfEach(null)
      .catch(() => [])
      .finally(() => {
        reading = null;
      });
    return reading;
  };
  for (const [name, { help, labels }] of Object.entries(GATE_METRICS) as [GateMetric, (typeof GATE_METRICS)[GateMetric]][])
    new Gauge({
      ...{ name, help, labelNames: [...GATE_LABELS, ...labels], registers: [metrics] },
      async collect() {
        const judged = await read();
        this.reset();
        for (const sample of judged.flatMap(gateSeries)) if (sample.name === name) this.set(sample.labels, sample.value);
      },
    });
}
