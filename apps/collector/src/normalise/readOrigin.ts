import { StringColumn } from "@signalbox/db/clickhouse";
import { KEYS } from "@signalbox/model";
import { type AttributeScan, type Attributes, attributeText, type Origin, type OriginScan } from "../decode/index.ts";
import { textAt } from "./readAttributes.ts";

/** The fields common to all spans of one scope, ready to be written with each of them. */
export interface SpanOrigin {
  origin: Origin;
  service: string;
  release: string;
  environment: string;
  resourceKeys: readonly string[];
  /** The values of the resource's attributes in Native format. */
  resourceValues: Buffer;
}

export function readOrigin({ resource, scope }: OriginScan): SpanOrigin {
  const attributes = attributesOf(resource);
  const values = new StringColumn();
  for (const value of attributes.values()) values.appendText(attributeText(value));
  return {
    origin: { resource: attributes, scope },
    service: textAt(attributes, [KEYS.serviceName]) ?? "",
    release: textAt(attributes, [KEYS.serviceVersion]) ?? "",
    environment: textAt(attributes, [KEYS.environment, "deployment.environment", "agentops.environment"]) ?? "",
    resourceKeys: [...attributes.keys()],
    resourceValues: Buffer.concat(values.encode()),
  };
}

function attributesOf(scan: AttributeScan): Attributes {
  return new Map(Array.from({ length: scan.count }, (_, place) => [scan.keyAt(place), scan.valueAt(place)]));
}
