import { tryIdentity } from "@signalbox/evals";
import { type EvalResult, type EvalRun, type SamplingRules, spanIdOf } from "@signalbox/model";
import { z } from "zod";
import type { EvalPlace } from "./evalPlace.ts";

const HEALTH_MS_MAX = 5_000;

type Attribute = { key: string; value: { stringValue: string } };

const attribute = (key: string, value: unknown): Attribute => ({
  key,
  value: { stringValue: typeof value === "string" ? value : JSON.stringify(value ?? null) },
});

const NANOS_PER_MS = 1_000_000n;

const nanos = (ms: number): string => String(BigInt(Math.round(ms * 1_000)) * (NANOS_PER_MS / 1_000n));

/** The root span of a try's trace, in OTLP's JSON. The target got the trace's id, and its spans are below this one. */
function spanOf(run: EvalRun, { itemId, trial, input, output, error, latencyMs }: EvalResult, endedAtMs: number) {
  const { key, traceId } = tryIdentity(run.id, itemId, trial);
  return {
    traceId,
    spanId: spanIdOf(key, 0),
    name: `eval ${run.name}`,
    kind: 1,
    startTimeUnixNano: nanos(endedAtMs - latencyMs),
    endTimeUnixNano: nanos(endedAtMs),
    attributes: [
      attribute("openinference.span.kind", "EVALUATOR"),
      attribute("input.value", input),
      attribute("output.value", output),
      attribute("signalbox.eval.run", run.id),
      attribute("signalbox.eval.item", itemId),
    ],
    status: error === null ? { code: 1 } : { code: 2, message: error },
  };
}

/** The destination of the tries' traces. */
export interface TryTraces {
  /** Sends the root span of a try that has just ended; resolves when the collector has it. */
  send(result: EvalResult): Promise<void>;
}

/**
 * Opens the collector that receives the traces; undefined when none answers, and tries then
 * have no trace. One that becomes unavailable later is waited for a while, as targets are.
 */
export async function openTryTraces(
  { collector, collectorUrl }: Pick<EvalPlace, "collector" | "collectorUrl">,
  run: EvalRun,
): Promise<TryTraces | undefined> {
  const isThere = await fetch(new URL("/healthz", collectorUrl), { signal: AbortSignal.timeout(HEALTH_MS_MAX) }).then(
    ({ ok }) => ok,
    () => false,
  );
  if (!isThere) return undefined;
  return {
    async send(result) {
      const scope = { name: "signalbox.eval" };
      const resource = { attributes: [attribute("service.name", "eval")] };
      const body = { resourceSpans: [{ resource, scopeSpans: [{ scope, spans: [spanOf(run, result, Date.now())] }] }] };
      await collector.request({ method: "POST", path: "/v1/traces", body, answer: z.unknown() });
    },
  };
}

/** A warning about tries whose traces a project's sampling will drop; undefined where it keeps all of them. */
export function lostTracesText(project: string, { headShare, tail }: SamplingRules): string | undefined {
  if (headShare === 1 && tail === null) return undefined;
  return `Project ${project} samples its traces: a try whose trace is not kept has its scores, and a link that leads nowhere. See ./signalbox project rules show ${project}.`;
}
