/** Runs at most `count` jobs at a time. A job that fails makes every later call fail. */
export class Slots {
  readonly #count: number;
  readonly #running = new Set<Promise<void>>();
  #failure: { error: unknown } | null = null;

  constructor(count: number) {
    this.#count = count;
  }

  /** Starts `job` as soon as a slot is free; returns when it has started. */
  async start(job: () => Promise<void>): Promise<void> {
    while (this.#running.size >= this.#count) await Promise.race(this.#running);
    this.#throwFailure();
    const running = job()
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Returns when every job has ended. */
  async allEnded(): Promise<void> {
    await Promise.all(this.#running);
    this.#throwFailure();
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }
}
