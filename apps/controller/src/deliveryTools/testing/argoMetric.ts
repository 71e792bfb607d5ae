/** The phases of a measurement, and of a metric once it is over. */
export type ArgoPhase = "Running" | "Successful" | "Inconclusive" | "Error" | "Failed";

/** What of a metric's spec counts. A limit of a consecutive kind that is 0 is off. */
export type ArgoMetricSpec = {
  /** What is asked of the value that the JSON path found. */
  success?: (result: Record<string, unknown>) => boolean;
  failure?: (result: Record<string, unknown>) => boolean;
  count: number | null;
  failureLimit: number;
  inconclusiveLimit: number;
  consecutiveErrorLimit: number;
  consecutiveSuccessLimit: number;
};

/**
 * The counters of one metric of an AnalysisRun of Argo Rollouts, as `analysis/analysis.go` (assessMetricStatus), `utils/evaluate` and
 * `metricproviders/webmetric` have them: failures and inconclusive measurements add up and trip when they exceed their limits; errors
 * and successes count in a row; a failure condition is read before a success condition. A model of the rules for tests, not the program.
 */
export class ArgoMetric {
  readonly #spec: ArgoMetricSpec;
  #count = 0;
  #failed = 0;
  #inconclusive = 0;
  #errorsInARow = 0;
  #successesInARow = 0;
  phase: ArgoPhase = "Running";

  constructor(spec: Partial<ArgoMetricSpec>) {
    this.#spec = { count: null, failureLimit: 0, inconclusiveLimit: 0, consecutiveErrorLimit: 4, consecutiveSuccessLimit: 0, ...spec };
  }

  /** Takes one measurement: asks `url` as the web provider does, whose JSON path is `{$.data}`. */
  async measure(url: string, headers: Record<string, string> = {}): Promise<ArgoPhase> {
    if (this.phase !== "Running") return this.phase;
    const answer = await fetch(url, { headers });
    const body = await answer.text();
    this.#note(answer.ok ? this.#judge(body) : "Error");
    this.phase = this.#assess();
    return this.phase;
  }

  #judge(body: string): ArgoPhase {
    const { data } = JSON.parse(body) as { data?: Record<string, unknown> };
    if (data === undefined) return "Error";
    const { success, failure } = this.#spec;
    if (failure?.(data) === true) return "Failed";
    if (success === undefined) return "Successful";
    if (success(data)) return "Successful";
    return failure === undefined ? "Failed" : "Inconclusive";
  }

  #note(measured: ArgoPhase): void {
    this.#successesInARow = measured === "Successful" ? this.#successesInARow + 1 : 0;
    this.#errorsInARow = measured === "Error" ? this.#errorsInARow + 1 : 0;
    // A measurement that failed to be taken is taken again, and no part of the count.
    if (measured === "Error") return;
    this.#count += 1;
    if (measured === "Failed") this.#failed += 1;
    if (measured === "Inconclusive") this.#inconclusive += 1;
  }

  #assess(): ArgoPhase {
    const { count, failureLimit, inconclusiveLimit, consecutiveErrorLimit, consecutiveSuccessLimit } = this.#spec;
    if (this.#errorsInARow > consecutiveErrorLimit) return "Error";
    if (this.#inconclusive > inconclusiveLimit) return "Inconclusive";
    if (failureLimit >= 0 && this.#failed > failureLimit) return "Failed";
    if (consecutiveSuccessLimit > 0 && this.#successesInARow >= consecutiveSuccessLimit) return "Successful";
    if (count === null || this.#count < count) return "Running";
    if (consecutiveSuccessLimit === 0) return "Successful";
    return failureLimit >= 0 ? "Inconclusive" : "Failed";
  }
}
