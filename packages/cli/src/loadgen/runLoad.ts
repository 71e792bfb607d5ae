import { setTimeout as sleep } from "node:timers/promises";
import type { LoadConnection } from "./connection.ts";
import { LatencyHistogram } from "./latencyHistogram.ts";
import type { MonotonicClock, Pace } from "./pace.ts";
import type { PatchedRequest, RequestTemplates } from "./requestTemplates.ts";

/** Pauses before a request is sent again: from, doubling, to. */
const AGAIN_MS_MIN = 50;
const AGAIN_MS_MAX = 1_000;

/** At the end, requests under way get this long to be answered. */
const LAST_ANSWERS_MS = 3_000;

/** What a run counts while it runs. */
export interface LoadTally {
  /** Requests, each counted once however often it was sent. */
  requests: { sent: number; acknowledged: number; sentAgain: number };
  spans: { acknowledged: number; rejected: number; unacknowledged: number };
  bytesAcknowledged: number;
  /** From sending, or from when it was due, to the acknowledgement; of requests that were acknowledged at the first attempt. */
  ackLatency: LatencyHistogram;
  /** Answers and failures that were no acknowledgement, by HTTP status or name. */
  errors: Record<string, number>;
}

export interface LoadOptions {
  templates: RequestTemplates;
  openConnection: () => LoadConnection;
  connections: number;
  pace: Pace;
  /** After so many requests no more are sent. */
  requestsMax: number;
  clock: MonotonicClock;
  /** Called for each request when it is acknowledged, in the order of acknowledgements. */
  onAcknowledged: (request: PatchedRequest) => void;
}

export function newTally(): LoadTally {
  return {
    requests: { sent: 0, acknowledged: 0, sentAgain: 0 },
    spans: { acknowledged: 0, rejected: 0, unacknowledged: 0 },
    bytesAcknowledged: 0,
    ackLatency: new LatencyHistogram(),
    errors: {},
  };
}

/**
 * Sends until `stop` aborts or `requestsMax` is reached, and counts into `tally`. What a server refuses for now is sent again, the same bytes,
 * until it is acknowledged: so does every SDK. Never throws.
 */
export async function runLoad(options: LoadOptions, tally: LoadTally, stop: AbortSignal): Promise<void> {
  using connections = new DisposableStack();
  const lanes = Array.from({ length: options.connections }, () => runLane(connections.use(options.openConnection()), options, tally, stop));
  const done = new AbortController();
  const hangUp = (): Promise<void> =>
    sleep(LAST_ANSWERS_MS, undefined, { signal: done.signal }).then(
      () => connections.dispose(),
      () => {},
    );
  stop.addEventListener("abort", hangUp, { once: true });
  await Promise.all(lanes);
  done.abort();
}

async function runLane(connection: LoadConnection, options: LoadOptions, tally: LoadTally, stop: AbortSignal): Promise<void> {
  const { templates, pace, requestsMax } = options;
  while (!stop.aborted && tally.requests.sent < requestsMax) {
    tally.requests.sent += 1;
    const from = await pace.next(stop).catch(() => undefined);
    if (from === undefined || stop.aborted) {
      tally.requests.sent -= 1;
      return;
    }
    const request = templates.take(Date.now());
    await sendUntilAcknowledged(connection, request, from, options, tally, stop);
    templates.release(request);
  }
}

async function sendUntilAcknowledged(
  connection: LoadConnection,
  request: PatchedRequest,
  from: number,
  { clock, onAcknowledged }: LoadOptions,
  tally: LoadTally,
  stop: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await connection.send(request.body);
    if (outcome.kind === "acknowledged") {
      if (attempt === 1) tally.ackLatency.record(clock() - from);
      tally.requests.acknowledged += 1;
      tally.bytesAcknowledged += request.body.length;
      tally.spans.acknowledged += request.spans - outcome.rejected;
      tally.spans.rejected += outcome.rejected;
      onAcknowledged(request);
      return;
    }
    tally.errors[outcome.code] = (tally.errors[outcome.code] ?? 0) + 1;
    const pauseMs = outcome.retryAfterMs ?? Math.min(AGAIN_MS_MAX, AGAIN_MS_MIN * 2 ** (attempt - 1));
    if (outcome.isRetryable) await sleep(pauseMs, undefined, { signal: stop }).catch(() => {});
    if (!outcome.isRetryable || stop.aborted) {
      tally.spans.unacknowledged += request.spans;
      return;
    }
    tally.requests.sentAgain += 1;
  }
}
