import { setTimeout as sleep } from "node:timers/promises";
import type { BenchStore } from "@signalbox/db/clickhouse";
import { LatencyHistogram } from "../../loadgen/latencyHistogram.ts";
import { openOtlpHttp } from "../../loadgen/protocols/otlpHttp.ts";
import { OtlpTemplate } from "../../loadgen/templates/otlpTemplate.ts";
import type { Payload } from "../../loadgen/templates/payload.ts";
import { RequestTemplates } from "../../loadgen/templates/requestTemplates.ts";

const PROBE_EVERY_MS = 100;
const LOOK_EVERY_MS = 20;

/** A span that cannot be read by then never will be. */
const READABLE_MS_MAX = 60_000;

/** The delay from acknowledgement to readability. */
export interface Readability {
  latency: LatencyHistogram;
  /** Acknowledged spans that could not be read in time. */
  unreadable: number;
}

/** Sends single spans one after another for a time, and measures from each acknowledgement until a SELECT finds the span. */
export async function measureReadability(
  otlpUrl: string,
  store: BenchStore,
  { durationMs, bytesPerSpan, seed, signal }: { durationMs: number; bytesPerSpan: number; seed: number; signal: AbortSignal },
): Promise<Readability> {
  const latency = new LatencyHistogram();
  const acknowledgedAt = new Map<string, number>();
  const startedAt = performance.now();
  const sinceMs = Date.now() - READABLE_MS_MAX;
  let isSending = true;

  async function send(): Promise<void> {
    const payload: Payload = { form: "otlp", seed, spansPerTrace: 1, spansPerRequest: 1, bytesPerSpan, dialects: ["otel"], templates: 100 };
    const templates = new RequestTemplates(payload, (shape, number) => new OtlpTemplate(shape, number));
    using connection = openOtlpHttp(new URL(otlpUrl), {});
    while (performance.now() - startedAt < durationMs) {
      const request = templates.take(Date.now());
      const outcome = await connection.send(request.body);
      for (const { traceId } of templates.of(request.number).sentSpans()) {
        if (outcome.kind === "acknowledged") acknowledgedAt.set(traceId.toString("hex"), performance.now());
      }
      templates.release(request);
      await sleep(PROBE_EVERY_MS, undefined, { signal });
    }
    isSending = false;
  }

  async function look(): Promise<void> {
    while (isSending || acknowledgedAt.size > 0) {
      await sleep(LOOK_EVERY_MS, undefined, { signal });
      if (performance.now() - startedAt > durationMs + READABLE_MS_MAX) return;
      if (acknowledgedAt.size === 0) continue;
      const visible = await store.visibleTraces([...acknowledgedAt.keys()], sinceMs);
      const now = performance.now();
      for (const traceId of visible) {
        latency.record(now - (acknowledgedAt.get(traceId) ?? now));
        acknowledgedAt.delete(traceId);
      }
    }
  }

  await Promise.all([send(), look()]);
  return { latency, unreadable: acknowledgedAt.size };
}
