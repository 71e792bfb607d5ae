import { type BackendFactory, PostgresConnection, type PostgresConnectionOptions, PostgresQueueBackend } from "bullmq";

/**
 * Opens something once, and again after an opening that failed. BullMQ keeps the first outcome: a worker or a queue that was opened while
 * PostgreSQL was away would repeat that failure for ever, and take, finish or queue no task once it is back.
 */
function openedAgain(opened: object, open: () => Promise<void>): () => Promise<void> {
  let opening: Promise<void> | undefined;
  return () => {
    opening ??= open().catch((error: unknown) => {
      opening = undefined;
      // BullMQ's own memory of the outcome.
      Object.assign(opened, { readyPromise: undefined });
      throw error;
    });
    return opening;
  };
}

class ReopenedConnection extends PostgresConnection {
  readonly #open = openedAgain(this, () => super.waitUntilReady());

  override waitUntilReady(): Promise<void> {
    return this.#open();
  }
}

class ReopenedBackend extends PostgresQueueBackend {
  readonly #open = openedAgain(this, () => super.waitUntilReady());

  override waitUntilReady(): Promise<void> {
    return this.#open();
  }
}

/** BullMQ's back end on PostgreSQL. As there, the connection on which a worker waits for jobs is named after the queue. */
export const postgresBackend: BackendFactory<PostgresQueueBackend, PostgresConnectionOptions> = (name, options, kind) => {
  const connection = new ReopenedConnection(options.connection);
  return new ReopenedBackend(connection, name, options, true, kind?.withBlockingConnection ? name : undefined);
};
