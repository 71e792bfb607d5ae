import type { JsonObject } from "../jsonBody.ts";
import { textOf } from "../jsonFields.ts";
import type { Attributes, Origin } from "../otlp.ts";
import { attributesOf, type Envelope } from "./envelopes.ts";

/** The name of the metric in which exporters send a process's resource. */
const RESOURCE_METRIC = "_OTELRESOURCE_";

/** The OpenTelemetry resource attribute for each tag. */
const RESOURCE_KEYS = [
  ["ai.cloud.role", "service.name"],
  ["ai.cloud.roleInstance", "service.instance.id"],
  ["ai.application.ver", "service.version"],
  ["ai.internal.sdkVersion", "azure.sdk.version"],
] as const;

/** Whether an item carries a process's resource and nothing else. */
export function tellsResource({ baseType, baseData }: Envelope): boolean {
  if (baseType !== "MetricData" || !Array.isArray(baseData.metrics)) return false;
  const metrics: (JsonObject | null)[] = baseData.metrics;
  return metrics.length > 0 && metrics.every((metric) => metric?.name === RESOURCE_METRIC);
}

/**
 * The origins of a request's items. Exporters of spans send the process's resource first; other exporters give only the tags, which are the
 * same in every request.
 */
export class Origins {
  readonly #origins = new Map<string, Origin>();

  learn({ baseData, tags }: Envelope): void {
    this.#origins.set(processOf(tags), { resource: withTags(attributesOf(baseData), tags), scope: "" });
  }

  /** The origin of an item, shared by all items of one process. */
  originOf({ tags }: Envelope): Origin {
    const process = processOf(tags);
    const origin = this.#origins.get(process) ?? { resource: withTags(new Map(), tags), scope: "" };
    this.#origins.set(process, origin);
    return origin;
  }
}

function withTags(resource: Attributes, tags: JsonObject): Attributes {
  for (const [tag, key] of RESOURCE_KEYS) {
    const value = textOf(tags, tag);
    if (value !== "") resource.set(key, value);
  }
  return resource;
}

function processOf(tags: JsonObject): string {
  return JSON.stringify(RESOURCE_KEYS.map(([tag]) => textOf(tags, tag)));
}
