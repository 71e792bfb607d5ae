type FlaggerPhase = "Succeeded" | "Waiting" | "Progressing" | "WaitingPromotion" | "Promoting" | "Finalising" | "Failed";

/** The webhooks of infra/flagger by their type in a Canary, with our path for each. */
const HOOKS = {
  "confirm-rollout": "offline",
  "pre-rollout": "begin",
  rollout: "health",
  "confirm-traffic-increase": "advance",
  "confirm-promotion": "promote",
  rollback: "rollback",
} as const;

/**
 * A Canary advanced as by Flagger's scheduler, one `tick` per interval (`advanceCanary`, `checkCanaryStatus` and `runCanary` of
 * `pkg/controller/scheduler.go`, the hooks of `scheduler_hooks.go`). The checksum is that of the last applied spec, so `confirm-rollout`
 * sends the previous one. A model of the rules for tests, not the program.
 */
export class FlaggerCanary {
  phase: FlaggerPhase = "Succeeded";
  weight = 0;
  failedChecks = 0;
  readonly asked: string[] = [];
  readonly #url: string;
  readonly #weights: readonly number[];
  readonly #metadata: Record<string, string>;
  #checksum = "the-release-before";
  #wanted = this.#checksum;

  /** `url` ends with the gate's name. */
  constructor(url: string, weights: readonly number[], metadata: Record<string, string> = {}) {
    this.#url = url;
    this.#weights = weights;
    this.#metadata = metadata;
  }

  /** Applies a new spec to the cluster. */
  apply(checksum: string): void {
    this.#wanted = checksum;
  }

  /** Sends a request whose answer gets lost, which Flagger takes for a no. */
  async lose(type: keyof typeof HOOKS): Promise<void> {
    await this.#post(HOOKS[type]);
  }

  async tick(): Promise<void> {
    if (this.phase === "Succeeded" || this.phase === "Failed" || this.phase === "Waiting") return this.#mayBegin();
    if (this.#wanted !== this.#checksum) return this.#begin();
    if (["Progressing", "WaitingPromotion"].includes(this.phase) && (await this.#isYes("rollback"))) return this.#rollBack();
    if (this.phase === "Promoting") {
      this.weight = 0;
      this.phase = "Finalising";
      return;
    }
    if (this.phase === "Finalising") {
      this.phase = "Succeeded";
      return;
    }
    if (this.failedChecks >= THRESHOLD) return this.#rollBack();
    if (!(await this.#isYes(this.weight === 0 ? "pre-rollout" : "rollout"))) {
      this.failedChecks += 1;
      return;
    }
    if (this.phase !== "WaitingPromotion" && !(await this.#isYes("confirm-traffic-increase"))) return;
    const heavier = this.#weights.find((weight) => weight > this.weight);
    if (heavier !== undefined) this.weight = heavier;
    else this.phase = (await this.#isYes("confirm-promotion")) ? "Promoting" : "WaitingPromotion";
  }

  async #mayBegin(): Promise<void> {
    if (this.#wanted === this.#checksum) return;
    if (await this.#isYes("confirm-rollout")) this.#begin();
    else this.phase = "Waiting";
  }

  #begin(): void {
    this.phase = "Progressing";
    this.#checksum = this.#wanted;
    this.weight = 0;
    this.failedChecks = 0;
  }

  #rollBack(): void {
    this.weight = 0;
    this.phase = "Failed";
  }

  async #isYes(type: keyof typeof HOOKS): Promise<boolean> {
    const { status } = await this.#post(HOOKS[type]);
    this.asked.push(`${type} ${status}`);
    return status <= 202;
  }

  #post(path: string): Promise<Response> {
    const body = { name: "support", namespace: "agents", phase: this.phase, checksum: this.#checksum, metadata: this.#metadata };
    return fetch(`${this.#url}/flagger/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  }
}

/** How many failed checks roll a canary back (`spec.analysis.threshold`). */
const THRESHOLD = 5;
