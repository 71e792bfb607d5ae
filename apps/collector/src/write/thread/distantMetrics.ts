import { type Counts, WRITER_METRICS, type WriterMetrics } from "../../metrics.ts";
import type { Counted } from "./messages.ts";

/**
 * Counters whose sums are sent to the thread that has the metrics. Redaction counts every value, so sums are kept here until they are
 * taken.
 */
export class DistantMetrics {
  readonly metrics: WriterMetrics;
  readonly #onCounted: () => void;
  readonly #counted = new Map<string, Counted>();

  /** `onCounted` is called when there is something to take after there was nothing. */
  constructor(onCounted: () => void) {
    this.#onCounted = onCounted;
    const counters = WRITER_METRICS.map((metric): [string, Counts] => [
      metric,
      { inc: (labels, value) => this.#count(metric, labels, value) },
    ]);
    this.metrics = Object.fromEntries(counters) as unknown as WriterMetrics;
  }

  take(): Counted[] {
    const counted = [...this.#counted.values()];
    this.#counted.clear();
    return counted;
  }

  #count(metric: Counted["metric"], labels: Counted["labels"], value = 1): void {
    const key = `${metric} ${Object.values(labels).join("\n")}`;
    const known = this.#counted.get(key);
    if (known !== undefined) known.value += value;
    else if (this.#counted.set(key, { metric, labels, value }).size === 1) this.#onCounted();
  }
}
