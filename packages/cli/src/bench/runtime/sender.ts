import type { TaskRequest } from "@signalbox/model";
import { Pool } from "undici";
import { z } from "zod";
import { LatencyHistogram } from "../../loadgen/latencyHistogram.ts";
import type { Pace } from "../../loadgen/pace.ts";

/** The time limit of a request, and the pause after a failed one. Milliseconds. */
const ANSWER_MS_MAX = 10_000;
const AGAIN_AFTER_MS = 50;

const ACKNOWLEDGED = new Set(["200", "201"]);
const Named = z.object({ id: z.uuid() });

/** The results of sending tasks. `accepted` are the ids that the gateway acknowledged. */
export type Sent = { accepted: Set<string>; admitMs: LatencyHistogram; statuses: Map<string, number>; sentAgain: number };

export function nothingSent(): Sent {
  return { accepted: new Set(), admitMs: new LatencyHistogram(), statuses: new Map(), sentAgain: 0 };
}

/** A task as sent: missing fields are up to the gateway. */
export type TaskToSend = z.input<typeof TaskRequest> & { id: string };

export type Sending = {
  gatewayUrl: string;
  connections: number;
  /** The next task to send; null when there are no more. */
  nextTask: () => TaskToSend | null;
  pace: Pace;
  /** Resolves when another task may be sent. */
  room: () => Promise<void>;
  /** Whether failed tasks are repeated, with the same id, until they are acknowledged. */
  isPersistent: boolean;
  /** Whether the gateway assigns the ids: the would-be id is sent as the idempotency key. */
  isKeyed?: boolean;
};

/** Sends tasks over several connections until the signal aborts; tasks on their way by then are still answered. */
export async function sendTasks({ gatewayUrl, connections, ...sending }: Sending, sent: Sent, signal: AbortSignal): Promise<void> {
  const pool = new Pool(gatewayUrl, { connections });
  const count = (status: string): void => void sent.statuses.set(status, (sent.statuses.get(status) ?? 0) + 1);

  /** Sends a task once; returns the outcome, and the task's id. */
  async function post({ id, ...task }: TaskToSend): Promise<{ status: string; id: string }> {
    const { isKeyed = false } = sending;
    const options = { path: "/v1/tasks", method: "POST" as const, headersTimeout: ANSWER_MS_MAX, bodyTimeout: ANSWER_MS_MAX };
    try {
      const { statusCode, body } = await pool.request({
        ...options,
        headers: { "content-type": "application/json", ...(isKeyed ? { "idempotency-key": id } : {}) },
        body: JSON.stringify(isKeyed ? task : { id, ...task }),
      });
      const status = String(statusCode);
      if (isKeyed && ACKNOWLEDGED.has(status)) return { status, id: Named.parse(await body.json()).id };
      await body.dump();
      return { status, id };
    } catch (error) {
      return { status: error instanceof Error && "code" in error ? String(error.code) : "failed", id };
    }
  }

  async function deliver(task: TaskToSend, dueAt: number): Promise<void> {
    for (;;) {
      const { status, id } = await post(task);
      count(status);
      if (ACKNOWLEDGED.has(status)) {
        sent.accepted.add(id);
        sent.admitMs.record(performance.now() - dueAt);
        return;
      }
      if (!sending.isPersistent || signal.aborted) return;
      sent.sentAgain += 1;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
    }
  }

  async function connection(): Promise<void> {
    while (!signal.aborted) {
      await sending.room();
      const dueAt = await sending.pace.next(signal).catch(() => null);
      if (dueAt === null) return;
      const task = sending.nextTask();
      if (task === null) return;
      await deliver(task, dueAt);
    }
  }

  try {
    await Promise.all(Array.from({ length: connections }, connection));
  } finally {
    await pool.close();
  }
}
