import { setTimeout as delay } from "node:timers/promises";
import type { Engine, EngineConnection, Scope } from "./engine.ts";
import { EngineError } from "./engineError.ts";
import { READS_MAX, WRITES_MAX } from "./engineSettings.ts";
import { createQuerySemaphore } from "./querySemaphore.ts";

/** The longest time that a statement waits for its turn. */
const TURN_MS_MAX = 60_000;

/** The interval between attempts to cancel a running statement that nobody waits for any more. */
const CANCEL_EVERY_MS = 100;

/** A named session, as requested by a client: its connection outlives the request for a while, with its temporary tables and settings. */
export type SessionRequest = { id: string; timeoutMs: number; mustExist: boolean };

/** A statement's demand for a connection. Reads and writes queue separately, so that neither can block the other. */
export type Lease = { kind: "read" | "write"; scope: Scope; session: SessionRequest | undefined };

type Session = { connection: EngineConnection; isBusy: boolean; expiry: NodeJS.Timeout | undefined };

/** Connections to the engine: a fresh one per statement, so that no setting or parameter of one request is seen by another. */
export type ConnectionPool = {
  readonly running: number;
  readonly waiting: number;
  /** Runs `work` on a connection when it is its turn. When `signal` aborts, the engine is told to end the statement. */
  run: <T>(lease: Lease, signal: AbortSignal, work: (connection: EngineConnection) => Promise<T>) => Promise<T>;
  /** Cancels the running statements and waits until they have ended. */
  close: () => Promise<void>;
};

/** Connections to one engine, of which at most `READS_MAX` and `WRITES_MAX` work at the same time. */
export function createConnectionPool(engine: Engine): ConnectionPool {
  const lines = { read: createQuerySemaphore(READS_MAX), write: createQuerySemaphore(WRITES_MAX) };
  const sessions = new Map<string, Session>();
  const running = new Set<Promise<unknown>>();
  const closing = new AbortController();
  let lastTag = 0;

  const leaseSession = ({ id, timeoutMs, mustExist }: SessionRequest): { connection: EngineConnection } & Disposable => {
    const known = sessions.get(id);
    if (known === undefined && mustExist) throw EngineError.own("SESSION_NOT_FOUND", `Session ${id} not found`);
    if (known?.isBusy) throw EngineError.own("SESSION_IS_LOCKED", `Session ${id} is locked by a concurrent client`);
    const session: Session = known ?? { connection: engine.connect(), isBusy: true, expiry: undefined };
    session.isBusy = true;
    clearTimeout(session.expiry);
    sessions.set(id, session);
    const expire = (): void => {
      sessions.delete(id);
      session.connection[Symbol.dispose]();
    };
    return {
      connection: session.connection,
      [Symbol.dispose]: () => {
        session.isBusy = false;
        session.expiry = setTimeout(expire, timeoutMs).unref();
      },
    };
  };

  const lease = (session: SessionRequest | undefined): { connection: EngineConnection } & Disposable => {
    if (session !== undefined) return leaseSession(session);
    const connection = engine.connect();
    return { connection, [Symbol.dispose]: () => connection[Symbol.dispose]() };
  };

  const runOn = async <T>(
    connection: EngineConnection,
    scope: Scope,
    signal: AbortSignal,
    work: (connection: EngineConnection) => Promise<T>,
  ): Promise<T> => {
    lastTag += 1;
    const tag = String(lastTag);
    await connection.enter(scope, tag);
    signal.throwIfAborted();
    let isDone = false;
    const askToEnd = async (): Promise<void> => {
      while (!isDone) {
        await engine.cancel(tag).catch(() => undefined);
        await delay(CANCEL_EVERY_MS);
      }
    };
    signal.addEventListener("abort", askToEnd, { once: true });
    try {
      return await work(connection);
    } finally {
      isDone = true;
      signal.removeEventListener("abort", askToEnd);
    }
  };

  return {
    get running() {
      return lines.read.taken + lines.write.taken;
    },
    get waiting() {
      return lines.read.waiting + lines.write.waiting;
    },
    run: async ({ kind, scope, session }, clientSignal, work) => {
      const signal = AbortSignal.any([clientSignal, closing.signal]);
      using slot = await lines[kind].take(signal, TURN_MS_MAX);
      if (signal.aborted) throw EngineError.own("QUERY_WAS_CANCELLED", "Query was cancelled");
      if (slot === undefined) throw EngineError.own("TOO_MANY_SIMULTANEOUS_QUERIES", "Too many simultaneous queries");
      using leased = lease(session);
      const run = runOn(leased.connection, scope, signal, work);
      running.add(run);
      try {
        return await run;
      } finally {
        running.delete(run);
      }
    },
    close: async () => {
      closing.abort(EngineError.own("QUERY_WAS_CANCELLED", "The store is closing"));
      await Promise.allSettled(running);
      for (const { connection, expiry } of sessions.values()) {
        clearTimeout(expiry);
        connection[Symbol.dispose]();
      }
      sessions.clear();
    },
  };
}
