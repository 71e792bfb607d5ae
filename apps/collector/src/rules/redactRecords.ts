import { DECISION_EVENT, type Redactor, withDistinctNames } from "@signalbox/model";
import {
  type Attributes,
  type AttributeValue,
  isRunPlace,
  type Origin,
  type OtlpLogRecord,
  type OtlpMetricPoint,
  type OtlpSpan,
} from "../decode/index.ts";
import { readDecision } from "../normalise/index.ts";

/** Redacts the records of one request: their shared parts are redacted once. Ids and times stay. */
export class RecordRedactor {
  readonly #redactor: Redactor;
  readonly #resources = new Map<Attributes, Attributes>();
  readonly #origins = new Map<Origin, Origin>();

  constructor(redactor: Redactor) {
    this.#redactor = redactor;
  }

  readonly span = (span: OtlpSpan): OtlpSpan => ({
    ...span,
    origin: this.#origin(span.origin),
    name: this.#redactor.text(span.name),
    attributes: this.#attributes(span.attributes),
    events: span.events.map((event) => ({
      ...event,
      name: this.#redactor.text(event.name),
      attributes: this.#attributes(event.attributes),
    })),
    links: span.links.map((link) => ({ ...link, attributes: this.#attributes(link.attributes) })),
    statusMessage: this.#redactor.text(span.statusMessage),
  });

  readonly logRecord = (record: OtlpLogRecord): OtlpLogRecord => ({
    ...record,
    origin: this.#origin(record.origin),
    eventName: this.#redactor.text(record.eventName),
    severity: this.#redactor.text(record.severity),
    body: isDecision(record) ? redactDecision(record.body, this.#redactor) : this.#redactor.value("body", record.body),
    attributes: this.#attributes(record.attributes),
  });

  readonly metricPoint = (point: OtlpMetricPoint): OtlpMetricPoint => ({
    ...point,
    origin: this.#origin(point.origin),
    metric: { ...point.metric, description: this.#redactor.text(point.metric.description), unit: this.#redactor.text(point.metric.unit) },
    attributes: this.#attributes(point.attributes),
    exemplars: point.exemplars.map((exemplar) => ({ ...exemplar, attributes: this.#attributes(exemplar.attributes) })),
  });

  #origin(origin: Origin): Origin {
    const known = this.#origins.get(origin);
    if (known !== undefined) return known;
    const redacted = { resource: this.#resource(origin.resource), scope: this.#redactor.text(origin.scope) };
    this.#origins.set(origin, redacted);
    return redacted;
  }

  #resource(resource: Attributes): Attributes {
    const known = this.#resources.get(resource);
    if (known !== undefined) return known;
    const redacted = this.#attributes(resource);
    this.#resources.set(resource, redacted);
    return redacted;
  }

  #attributes(attributes: Attributes): Attributes {
    const redactor = this.#redactor;
    return new Map(withDistinctNames(Array.from(attributes, ([name, value]) => [redactor.name(name), redactor.value(name, value)])));
  }
}

function isDecision({ eventName, attributes }: OtlpLogRecord): boolean {
  return (eventName === "" ? attributes.get("event.name") : eventName) === DECISION_EVENT;
}

/** Fields that place a decision in its task's chain; they must stay readable. */
const DECISION_PLACE = new Set(["project", "taskId", "seq", "kind", "time", "attempt", "traceId", "spanId", "prevHash", "hash"]);

function redactDecision(body: AttributeValue, redactor: Redactor): AttributeValue {
  const read = readDecision(body);
  if (read.kind === "unreadable") return redactor.value("body", body);
  return JSON.stringify(redactMembers(read.decision, redactor, DECISION_PLACE));
}

/**
 * Fields that place a LangSmith run in its trace, and feedback at its run: ids and times. A value of theirs that is neither is redacted
 * like any other.
 */
const RUN_PLACE = new Set([
  ...["id", "trace_id", "parent_run_id", "dotted_order", "start_time", "end_time", "session_id", "reference_example_id"],
  ...["run_id", "created_at", "modified_at"],
]);

/** Fields whose names say nothing about their content, so rules about names do not apply to them. */
const RUN_KIND = new Set(["run_type", "key", "score"]);

const FEEDBACK = /^feedback\./;

/** Redacts the fields of a run, or some of them. */
export function redactRun<F extends Readonly<Record<string, AttributeValue>>>(fields: F, redactor: Redactor): F {
  const redacted = Object.entries(fields).map(([name, value]): [string, unknown] => {
    const isFeedback = FEEDBACK.test(name) && typeof value === "object" && value !== null && !Array.isArray(value);
    if (!isFeedback) return redactRunField(name, value, redactor);
    const members = Object.entries(value).map(([member, some]) => redactRunField(member, some, redactor));
    return [redactor.text(name), Object.fromEntries(withDistinctNames(members))];
  });
  return Object.fromEntries(withDistinctNames(redacted)) as F;
}

function redactRunField(name: string, value: unknown, redactor: Redactor): [string, unknown] {
  if (RUN_PLACE.has(name) && isRunPlace(value)) return [name, value];
  if (RUN_KIND.has(name)) return [name, redactor.value(NAMELESS, value)];
  return [redactor.name(name), redactor.value(name, value)];
}

/** A name that no rule about names matches. */
const NAMELESS = "";

/** Redacts the members of an object, except those in `kept`, which are left unchanged. */
export function redactMembers(
  members: Readonly<Record<string, unknown>>,
  redactor: Redactor,
  kept: ReadonlySet<string> = new Set(),
): Record<string, unknown> {
  const redacted = Object.entries(members).map(([name, value]): [string, unknown] =>
    kept.has(name) ? [name, value] : [redactor.name(name), redactor.value(name, value)],
  );
  return Object.fromEntries(withDistinctNames(redacted));
}
