import type { AttributeValue } from "../otlp.ts";
import { emptyFields, type RunFields, type RunOperation } from "./langSmithRequest.ts";
import { isNothing, isStruct } from "./struct.ts";

/** An operation and when it was received, in microseconds since 1970. */
export type ReceivedOperation = Pick<RunOperation, "kind" | "fields"> & { receivedAtUs: number };

/** A patch says how a run went on: what it says stands, whether the post came before or after it. */
const RANKS: Readonly<Record<RunOperation["kind"], number>> = { post: 0, attachment: 1, feedback: 1, patch: 2 };

/**
 * The whole run that operations on it make, in whatever order they are given. Of a field the patch's value stays, and among patches that of
 * the last one received; nothing takes the place of something. `extra` and its metadata are merged key by key.
 */
export function mergeRun(operations: readonly ReceivedOperation[]): RunFields {
  const inOrder = operations.toSorted((a, b) => RANKS[a.kind] - RANKS[b.kind] || a.receivedAtUs - b.receivedAtUs);
  return inOrder.reduce<RunFields>((run, { fields }) => mergeFields(run, fields, EXTRA), {});
}

/** Which members of a struct are themselves merged, and which of theirs. */
interface Merging {
  [field: string]: Merging;
}

const EXTRA: Merging = { extra: { metadata: {}, runtime: {} } };

function mergeFields(into: RunFields, from: RunFields, merging: Merging): RunFields {
  const merged = Object.assign(emptyFields(), into);
  for (const [field, value] of Object.entries(from)) {
    const known = merged[field];
    const inner = Object.hasOwn(merging, field) ? merging[field] : undefined;
    if (inner !== undefined && isStruct(known) && isStruct(value)) merged[field] = mergeFields(known, value, inner) as AttributeValue;
    else if (known === undefined || !isNothing(value)) merged[field] = value;
  }
  return merged;
}
