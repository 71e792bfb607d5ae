/** The phases of a measurement, and of a metric once it is over. */
export type ArgoPhase = "Running" | "Successful" | "Inconclusive" | "Error" | "Failed";

/** The parts of a metric's spec that decide its phase. A consecutive limit of 0 is off. */
export type ArgoMetricSpec = {
  /** Conditions on the result of the JSON path. */
  success?: (result: Record<string, unknown>) => boolean;
  failure?: (result: Record<string, unknown>) => boolean;
  count: number | null;
  failureLimit: number;
  inconclusiveLimit: number;
  consecutiveErrorLimit: number;
  consecutiveSuccessLimit: number;
};

/**
 * The counters of one metric of an Argo Rollouts AnalysisRun, following `analysis/analysis.go` (assessMetricStatus), `utils/evaluate` and
 * `metricproviders/webmetric`: failures and inconclusive measurements add up and trip when they exceed their limits; errors and successes
 * count in a row; a failure condition is evaluated before a success condition. A model of the rules for tests, not the program.
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

  /** Takes one measurement: queries `url` like the web provider with the JSON path `{$.data}`. */
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
    // A measurement that could not be taken is repeated and does not count.
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
