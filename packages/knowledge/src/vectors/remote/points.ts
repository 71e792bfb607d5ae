import { sha256 } from "@signalbox/model";
import { unitVector } from "../unitVector.ts";
import type { VectorFilter, VectorRecord } from "../vectorStore.ts";

/**
 * A record as stored remotely. Remote stores accept only numbers or UUIDs as ids,
 * and restrict the names of attributes, so both are stored as values instead.
 */
export interface Point {
  uuid: string;
  vector: number[];
  record: string;
  /** `name=value`, each part escaped. */
  attributes: string[];
}

/** The UUID that stands for a record's id. */
export function uuidOf(id: string): string {
  const hex = sha256(id);
  // Version 8 is for custom schemes (RFC 9562).
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const attributeText = (name: string, value: string): string => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;

export function pointOf({ id, vector, attributes }: VectorRecord): Point {
  return {
    uuid: uuidOf(id),
    vector: Array.from(unitVector(vector)),
    record: id,
    attributes: Object.entries(attributes).map(([name, value]) => attributeText(name, value)),
  };
}

/** A filter as groups of attribute texts: a point passes if it has one of each group. */
export function filterGroups(filter: VectorFilter = {}): string[][] {
  return Object.entries(filter).map(([name, values]) => values.map((value) => attributeText(name, value)));
}

/** Splits a list into pieces of up to `lengthMax`. */
export function inPieces<T>(list: readonly T[], lengthMax: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / lengthMax) }, (_, at) => list.slice(at * lengthMax, (at + 1) * lengthMax));
}
