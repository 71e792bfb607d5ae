import { type JsonObject, parseJsonObjects } from "../jsonBody.ts";
import { booleanOf, isSet, scalarOf, textOf } from "../jsonFields.ts";
import { MalformedBody } from "../malformedBody.ts";
import { type Attributes, emptySpan, type Origin, type OtlpLink, type OtlpSpan } from "../otlp.ts";
import { attributesOf, durationOf, type Envelope, idOf } from "./envelopes.ts";

/** The property that holds a span's links. */
const LINKS = "_MS.links";

const LINKS_MAX = 1_000;

const STATUS_OK = 1;
const STATUS_ERROR = 2;

/** Fields of requests and dependencies without a place in a span; they become attributes under `azure.`. */
const DATA_FIELDS = ["type", "target", "data", "resultCode", "responseCode", "url", "source"] as const;

/** A request or a dependency as the span that it was exported from. Throws `MalformedBody`. */
export function spanOf(envelope: Envelope, origin: Origin): OtlpSpan {
  const { timeUnixNano, tags, baseData } = envelope;
  const attributes = attributesOf(baseData);
  const links = linksOf(attributes);
  attributes.delete(LINKS);
  setUnlessThere(attributes, "session.id", textOf(tags, "ai.session.id"));
  setUnlessThere(attributes, "user.id", textOf(tags, "ai.user.authUserId") || textOf(tags, "ai.user.id"));
  for (const field of DATA_FIELDS) if (isSet(baseData, field)) attributes.set(`azure.${field}`, scalarOf(baseData, field));
  const hasFailed = isSet(baseData, "success") && !booleanOf(baseData, "success");
  return {
    ...emptySpan(origin),
    ...operationOf(tags),
    spanId: idOf(baseData, "id"),
    name: textOf(baseData, "name") || textOf(tags, "ai.operation.name"),
    startTimeUnixNano: timeUnixNano,
    endTimeUnixNano: timeUnixNano + durationOf(baseData),
    attributes,
    links,
    statusCode: hasFailed ? STATUS_ERROR : STATUS_OK,
  };
}

/** The trace and parent of an item. Older SDKs name the trace itself as the parent of its root. */
export function operationOf(tags: JsonObject): { traceId: string; parentSpanId: string } {
  const traceId = idOf(tags, "ai.operation.id");
  const parent = idOf(tags, "ai.operation.parentId");
  return { traceId, parentSpanId: parent === traceId ? "" : parent };
}

function linksOf(attributes: Attributes): OtlpLink[] {
  const links = attributes.get(LINKS);
  if (links === undefined) return [];
  if (typeof links !== "string") throw new MalformedBody(`${LINKS} is not text`);
  return parseJsonObjects(Buffer.from(links), LINKS_MAX).map((link) => ({
    traceId: idOf(link, "operation_Id"),
    spanId: idOf(link, "id"),
    attributes: new Map(),
  }));
}

function setUnlessThere(attributes: Attributes, key: string, value: string): void {
  if (value !== "" && !attributes.has(key)) attributes.set(key, value);
}
