import { KEYS } from "@signalbox/model";
import { type Attributes, type AttributeValue, attributeText, type Origin, type OtlpEvent, type OtlpSpan } from "../otlp.ts";
import { attributesOfRun } from "./attributesOfRun.ts";
import type { RunFields } from "./langSmithRequest.ts";
import { runIdOf, spanIdOfRun } from "./runId.ts";
import { isNothing, isStruct, type Struct, structOf } from "./struct.ts";
import { readDottedOrder, readTime } from "./times.ts";

/** A run as a span, or the reason why its known fields do not make one yet. */
export type SpanOfRun = { kind: "span"; span: OtlpSpan } | { kind: "incomplete"; reason: string };

const STATUS_UNSET = 0;
const STATUS_OK = 1;
const STATUS_ERROR = 2;

/**
 * Converts a run to a span in the `langsmith.` vocabulary, which `normalise/dialects/langsmith.ts` reads. The trace id is the trace's UUID,
 * the span id derives from the run's (`spanIdOfRun`), and the start is the one in `dotted_order`, which post and patch both carry. A run
 * that has not ended has zero duration and no status.
 */
export function spanOfRun(runId: string, fields: RunFields): SpanOfRun {
  const order = readDottedOrder(fields.dotted_order);
  const parentId = runIdOf(fields.parent_run_id) ?? order?.path.at(-2) ?? null;
  const traceId = runIdOf(fields.trace_id) ?? order?.path.at(0) ?? (parentId === null ? runId : null);
  const startTimeUnixNano = order?.startTimeUnixNano ?? readTime(fields.start_time);
  if (traceId === null) return { kind: "incomplete", reason: "nothing that came in tells which trace this run belongs to" };
  if (startTimeUnixNano === null) return { kind: "incomplete", reason: "nothing that came in tells when this run began" };

  const endTime = readTime(fields.end_time);
  const hasFailed = !isNothing(fields.error);
  return {
    kind: "span",
    span: {
      origin: originOf(fields),
      traceId,
      spanId: spanIdOfRun(runId),
      parentSpanId: parentId === null ? "" : spanIdOfRun(parentId),
      name: attributeText(fields.name ?? ""),
      startTimeUnixNano,
      // Clients write the start with three more digits than the end, so that a short run can seem to end before it began.
      endTimeUnixNano: endTime === null || endTime < startTimeUnixNano ? startTimeUnixNano : endTime,
      attributes: attributesOfRun(runId, { traceId, parentId }, fields),
      events: Array.isArray(fields.events) ? fields.events.filter(isStruct).map((event) => eventOf(event, startTimeUnixNano)) : [],
      links: [],
      statusCode: hasFailed ? STATUS_ERROR : endTime === null ? STATUS_UNSET : STATUS_OK,
      statusMessage: hasFailed ? attributeText(fields.error ?? "") : "",
    },
  };
}

/** `lrn:agents/<id>/environments/<environment>`: newer clients send this in place of a project's name. */
const ADDRESS = /^lrn:agents\/(.+?)\/environments\/(.+)$/;

/** The origin of a run: LangSmith's project is the service, its revision the release; an address names agent and environment. */
function originOf({ session_name: project, address, extra }: RunFields): Origin {
  const { metadata, runtime } = structOf(extra);
  const [, agent, environment] = ADDRESS.exec(typeof address === "string" ? address : "") ?? [];
  const resource: Attributes = new Map();
  const put = (key: string, value: AttributeValue | undefined): void => {
    if (!isNothing(value)) resource.set(key, value ?? null);
  };
  put(KEYS.serviceName, project ?? agent);
  put(KEYS.serviceVersion, structOf(metadata).revision_id);
  put(KEYS.environment, environment);
  for (const [key, value] of Object.entries(structOf(runtime))) put(`langsmith.runtime.${key}`, attributeText(value));
  return { resource, scope: attributeText(structOf(runtime).sdk ?? "") };
}

function eventOf({ name, time, ...rest }: Struct, startTimeUnixNano: bigint): OtlpEvent {
  return {
    name: attributeText(name ?? ""),
    timeUnixNano: readTime(time) ?? startTimeUnixNano,
    attributes: new Map(Object.entries(rest).filter(([, value]) => !isNothing(value))),
  };
}
