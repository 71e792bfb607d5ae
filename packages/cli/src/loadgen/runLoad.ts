import { setTimeout as sleep } from "node:timers/promises";
import { type BackOff, backOffMs } from "@signalbox/model";
import type { Disorder, DueRequest } from "./disorder.ts";
import { LatencyHistogram } from "./latencyHistogram.ts";
import type { MonotonicClock, Pace } from "./pace.ts";
import type { LoadConnection } from "./protocols/connection.ts";
import type { PatchedRequest, RequestTemplates } from "./templates/requestTemplates.ts";
import type { Template } from "./templates/template.ts";

/** The pauses before a retry. */
const AGAIN: BackOff = { firstMs: 50, msMax: 1_000 };

/** The time that requests under way have to be answered at the end. */
const LAST_ANSWERS_MS = 3_000;

/** The running counts of a run. */
export interface LoadTally {
  /**
   * Requests, each counted once. `sentAgain` counts retries after failures, `sentTwice` requests repeated
   * after their acknowledgement, `updated` those whose spans were sent once more in an updated form.
   */
  requests: { sent: number; acknowledged: number; sentAgain: number; sentTwice: number; updated: number };
  spans: { acknowledged: number; rejected: number; unacknowledged: number };
  bytesAcknowledged: number;
  /** From the first sending of a request, or the time it was due, to its acknowledgement, however many attempts that took. */
  ackLatency: LatencyHistogram;
  /** Answers and failures other than acknowledgements, by HTTP status or name. */
  errors: Record<string, number>;
}

export interface LoadOptions {
  templates: RequestTemplates<Template>;
  openConnection: () => LoadConnection;
  connections: number;
  pace: Pace;
  disorder: Disorder;
  /** The most requests that are sent. */
  requestsMax: number;
  clock: MonotonicClock;
  /** Called for each request and each update when it is acknowledged, in the order of acknowledgements. */
  onAcknowledged: (request: PatchedRequest) => void;
}

export function newTally(): LoadTally {
  return {
    requests: { sent: 0, acknowledged: 0, sentAgain: 0, sentTwice: 0, updated: 0 },
    spans: { acknowledged: 0, rejected: 0, unacknowledged: 0 },
    bytesAcknowledged: 0,
    ackLatency: new LatencyHistogram(),
    errors: {},
  };
}

/**
 * Sends until `stop` aborts or `requestsMax` is reached, and counts into `tally`. A temporarily refused
 * request is repeated, with the same bytes, until it is acknowledged, as every SDK does. Never throws.
 */
export async function runLoad(options: LoadOptions, tally: LoadTally, stop: AbortSignal): Promise<void> {
  using connections = new DisposableStack();
  const nextRequest = requestsInTurn(options);
  const lanes = Array.from({ length: options.connections }, () =>
    runLane(connections.use(options.openConnection()), nextRequest, options, tally, stop),
  );
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

/** The next request to send: a held one that is due, or a new one that is not held back; undefined when there are no more. */
function requestsInTurn({ templates, disorder, requestsMax }: LoadOptions): () => DueRequest | undefined {
  let taken = 0;
  return () => {
    const due = disorder.due({ isEnding: false });
    if (due !== undefined) return due;
    while (taken < requestsMax) {
      taken += 1;
      const request = templates.take(Date.now());
      if (!disorder.isLate(request)) return { request, as: "new" };
    }
    return disorder.due({ isEnding: true });
  };
}

const COUNTED_AS = { new: "sent", repeat: "sentTwice", update: "updated" } as const;

async function runLane(
  connection: LoadConnection,
  nextRequest: () => DueRequest | undefined,
  options: LoadOptions,
  tally: LoadTally,
  stop: AbortSignal,
): Promise<void> {
  while (!stop.aborted) {
    const from = await options.pace.next(stop).catch(() => undefined);
    const next = from === undefined ? undefined : nextRequest();
    if (from === undefined || next === undefined) return;
    const { as } = next;
    const request = as === "update" ? options.templates.update(next.request) : next.request;
    tally.requests[COUNTED_AS[as]] += 1;
    const isAcknowledged = await sendUntilAcknowledged(connection, { request, as }, from, options, tally, stop);
    const isHeld = isAcknowledged && as === "new" && options.disorder.comesAgain(request);
    if (!isHeld) options.templates.release(request);
  }
}

/** Returns whether the request was acknowledged in the end. One that was acknowledged before is not counted again. */
async function sendUntilAcknowledged(
  connection: LoadConnection,
  { request, as }: DueRequest,
  from: number,
  { clock, onAcknowledged }: LoadOptions,
  tally: LoadTally,
  stop: AbortSignal,
): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await connection.send(request.body);
    if (outcome.kind === "acknowledged") {
      if (as === "new") {
        tally.ackLatency.record(clock() - from);
        countAcknowledged(tally, request, outcome.rejected);
      }
      if (as !== "repeat") onAcknowledged(request);
      return true;
    }
    tally.errors[outcome.code] = (tally.errors[outcome.code] ?? 0) + 1;
    const pauseMs = outcome.retryAfterMs ?? backOffMs(AGAIN, attempt);
    if (outcome.isRetryable) await sleep(pauseMs, undefined, { signal: stop }).catch(() => {});
    if (!outcome.isRetryable || stop.aborted) {
      if (as === "new") tally.spans.unacknowledged += request.spans;
      return false;
    }
    tally.requests.sentAgain += 1;
  }
}

function countAcknowledged(tally: LoadTally, { spans, body }: PatchedRequest, rejected: number): void {
  tally.requests.acknowledged += 1;
  tally.bytesAcknowledged += body.length;
  tally.spans.acknowledged += spans - rejected;
  tally.spans.rejected += rejected;
}
