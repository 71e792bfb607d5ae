import { setTimeout as delay } from "node:timers/promises";
import { type IQueueBackend, isNotConnectionError, type JobProgress, Worker } from "bullmq";
import { RETURN_GRACE_MS, STORE_AWAY_RETRY_MS } from "./delivery.ts";
import { graceAfterOutage } from "./graceAfterOutage.ts";

/**
 * A worker that takes outages of the queue's store well. Soon after one it looks again for the tasks of dead workers, but not before live
 * workers had time to renew their locks or to hand back what failed: all locks expire in an outage, and whoever looks first would take
 * every task from the worker that has it in hand. A store that starts, and still refuses its work, is asked for tasks four times a second.
 */
export class PromptWorker<Backend extends IQueueBackend, Connection> extends Worker<
  object,
  void,
  string,
  Backend,
  JobProgress,
  Connection
> {
  readonly #looks = graceAfterOutage(
    () => this.backend.getQueueMetaField("paused"),
    () => delay(RETURN_GRACE_MS),
  );

  /** BullMQ makes its look for expired locks through this, and nothing else in a worker. */
  protected override checkConnectionError<Value>(look: () => Promise<Value>): Promise<Value | undefined> {
    return super.checkConnectionError(() => this.#looks(look), STORE_AWAY_RETRY_MS);
  }

  protected override async moveToActive(token: string, name?: string) {
    try {
      return await super.moveToActive(token, name);
    } catch (error) {
      // BullMQ pauses after a refused connection alone; a server that starts refuses in other words.
      if (error instanceof Error && isNotConnectionError(error)) await this.delay(STORE_AWAY_RETRY_MS);
      throw error;
    }
  }
}
