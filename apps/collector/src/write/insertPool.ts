/** Runs at most `count` jobs at a time. After a job has failed, every later call fails. */
export class InsertPool {
  readonly #count: number;
  readonly #running = new Set<Promise<void>>();
  readonly #failure = Promise.withResolvers<never>();
  #hasFailed = false;

  constructor(count: number) {
    this.#count = count;
    this.#failure.promise.catch(() => {});
  }

  /** Rejects as soon as a job fails; never resolves. */
  get failed(): Promise<never> {
    return this.#failure.promise;
  }

  /** Starts `job` as soon as a slot is free; resolves when it has started. */
  async start(job: () => Promise<void>): Promise<void> {
    while (this.#running.size >= this.#count) await Promise.race(this.#running);
    if (this.#hasFailed) return this.failed;
    const running = job()
      .catch((error: unknown) => {
        this.#hasFailed = true;
        this.#failure.reject(error);
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Resolves when every job has ended. */
  async allEnded(): Promise<void> {
    await Promise.all(this.#running);
    if (this.#hasFailed) await this.failed;
  }
}
