import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, type Tracer, trace } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { AlwaysOnSampler, type IdGenerator, type ReadableSpan, type SpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { KEYS } from "@signalbox/model";
import { type ServiceName, VERSION } from "../identity.ts";
import { hrTimeOf } from "./otelTime.ts";
import type { SpanFacts } from "./spanOf.ts";

/** The instrumentation scope name in every span and log record. */
export const SCOPE = "signalbox.agent-runtime";

/** Supplies the ids of the span being built: they derive from the journal, not from chance. */
type GivenIds = IdGenerator & { next: Pick<SpanFacts, "traceId" | "spanId"> };

function givenIds(): GivenIds {
  const ids: GivenIds = {
    next: { traceId: "", spanId: "" },
    generateTraceId: () => ids.next.traceId,
    generateSpanId: () => ids.next.spanId,
  };
  return ids;
}

/** Collects ended spans. */
function keepEnded(ended: ReadableSpan[]): SpanProcessor {
  const nothing = async (): Promise<void> => undefined;
  return { onStart: () => undefined, onEnd: (span) => ended.push(span), forceFlush: nothing, shutdown: nothing };
}

/** Builds OpenTelemetry spans through its SDK: the same facts always give the same span. */
export function openSpanMaker(): (facts: SpanFacts) => ReadableSpan {
  const ids = givenIds();
  const ended: ReadableSpan[] = [];
  const tracers = new Map<string, Tracer>();

  function tracerOf(service: ServiceName, version: string): Tracer {
    const known = tracers.get(`${service} ${version}`);
    if (known !== undefined) return known;
    const provider = new TracerProvider({
      resource: resourceFromAttributes({ [KEYS.serviceName]: service, [KEYS.serviceVersion]: version }),
      sampler: new AlwaysOnSampler(),
      idGenerator: ids,
      spanProcessors: [keepEnded(ended)],
    });
    const tracer = provider.getTracer(SCOPE, VERSION);
    tracers.set(`${service} ${version}`, tracer);
    return tracer;
  }

  return (facts) => {
    const { traceId, parentSpanId } = facts;
    ids.next = facts;
    const parent = parentSpanId === null ? null : { traceId, spanId: parentSpanId, traceFlags: TraceFlags.SAMPLED };
    const span = tracerOf(facts.service, facts.version).startSpan(
      facts.name,
      { kind: facts.isClient ? SpanKind.CLIENT : SpanKind.INTERNAL, startTime: hrTimeOf(facts.startUs), attributes: facts.attributes },
      parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent),
    );
    span.setStatus(facts.error === null ? { code: SpanStatusCode.OK } : { code: SpanStatusCode.ERROR, message: facts.error });
    span.end(hrTimeOf(facts.endUs));
    const made = ended.pop();
    if (made === undefined) throw new TypeError("the SDK kept no span");
    return made;
  };
}
