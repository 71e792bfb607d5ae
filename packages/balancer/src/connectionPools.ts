import { Pool } from "undici";
import type { Endpoint } from "./endpoint.ts";

/** The connections to the endpoints of a service: a pool each, opened when it is first needed. */
export class ConnectionPools {
  readonly #connectMsMax: number;
  readonly #pools = new Map<string, Pool>();

  /** `connectMsMax` is the time limit for opening a connection, in milliseconds. */
  constructor(connectMsMax: number) {
    this.#connectMsMax = connectMsMax;
  }

  of({ url }: Endpoint): Pool {
    const known = this.#pools.get(url);
    if (known !== undefined) return known;
    const pool = new Pool(url, { connect: { timeout: this.#connectMsMax } });
    this.#pools.set(url, pool);
    return pool;
  }

  /** Closes the pools of all other endpoints, after their calls in flight have ended. */
  keep(endpoints: readonly Endpoint[]): void {
    const urls = new Set(endpoints.map(({ url }) => url));
    for (const [url, pool] of this.#pools) {
      if (urls.has(url)) continue;
      this.#pools.delete(url);
      void pool.close();
    }
  }

  /** Closes all pools, after the calls in flight have ended. */
  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
  }
}
