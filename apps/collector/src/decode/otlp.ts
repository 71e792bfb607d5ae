/** An attribute value as JSON holds it: bytes are base64; integers beyond 2^53 and doubles that JSON lacks are text. */
export type AttributeValue = string | number | boolean | null | AttributeValue[] | { [key: string]: AttributeValue };

/** Attributes in order of arrival; of a repeated key the last value stays. */
export type Attributes = Map<string, AttributeValue>;

/** The sender of a record. Shared by all records of one scope. */
export interface Origin {
  resource: Attributes;
  scope: string;
}

/** An event within a span, in OTLP's terms. Times are nanoseconds since 1970. */
export interface OtlpEvent {
  name: string;
  timeUnixNano: bigint;
  attributes: Attributes;
}

/** A link of a span, in OTLP's terms. */
export interface OtlpLink {
  traceId: string;
  spanId: string;
  attributes: Attributes;
}

/** A span in OTLP's terms, unchecked. Ids are lower-case hex of any length; `statusCode` is 0 unset, 1 ok, 2 error. */
export interface OtlpSpan {
  origin: Origin;
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  startTimeUnixNano: bigint;
  endTimeUnixNano: bigint;
  attributes: Attributes;
  events: OtlpEvent[];
  links: OtlpLink[];
  statusCode: number;
  statusMessage: string;
}

/** A log record in OTLP's terms, unchecked. A time that the sender left out is 0. */
export interface OtlpLogRecord {
  origin: Origin;
  traceId: string;
  spanId: string;
  eventName: string;
  severity: string;
  timeUnixNano: bigint;
  observedTimeUnixNano: bigint;
  body: AttributeValue;
  attributes: Attributes;
}

export function emptyOrigin(resource: Attributes): Origin {
  return { resource, scope: "" };
}

export function emptyEvent(): OtlpEvent {
  return { name: "", timeUnixNano: 0n, attributes: new Map() };
}

export function emptyLink(): OtlpLink {
  return { traceId: "", spanId: "", attributes: new Map() };
}

export function emptySpan(origin: Origin): OtlpSpan {
  return {
    origin,
    traceId: "",
    spanId: "",
    parentSpanId: "",
    name: "",
    startTimeUnixNano: 0n,
    endTimeUnixNano: 0n,
    attributes: new Map(),
    events: [],
    links: [],
    statusCode: 0,
    statusMessage: "",
  };
}

export function emptyLogRecord(origin: Origin): OtlpLogRecord {
  return {
    origin,
    traceId: "",
    spanId: "",
    eventName: "",
    severity: "",
    timeUnixNano: 0n,
    observedTimeUnixNano: 0n,
    body: null,
    attributes: new Map(),
  };
}

/** `value` as text: a string unchanged, everything else as JSON. */
export function attributeText(value: AttributeValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
