import type { AttributeValue } from "../otlp.ts";
import { emptyFields, type RunFields, type RunOperation } from "./langSmithRequest.ts";
import { isNothing, isStruct } from "./struct.ts";

/** An operation, and when it was received in microseconds since 1970. */
export type ReceivedOperation = Pick<RunOperation, "kind" | "fields"> & { receivedAtUs: number };

/** Precedence of operations. A patch is the later state of a run: its values win, whether its post came before or after it. */
const RANKS: Readonly<Record<RunOperation["kind"], number>> = { post: 0, attachment: 1, feedback: 1, patch: 2 };

/**
 * Merges operations on a run, given in any order, into the whole run. A patch's value wins, and among patches the last one received; an
 * empty value never replaces another. `extra` and its metadata are merged key by key.
 */
export function mergeRun(operations: readonly ReceivedOperation[]): RunFields {
  const inOrder = operations.toSorted((a, b) => RANKS[a.kind] - RANKS[b.kind] || a.receivedAtUs - b.receivedAtUs);
  return inOrder.reduce<RunFields>((run, { fields }) => mergeFields(run, fields, EXTRA), {});
}

/** The members of a struct that are themselves merged, recursively. */
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
