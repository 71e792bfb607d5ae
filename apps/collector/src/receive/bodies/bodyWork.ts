import { type Encoding, itemsByKey } from "../../decode/index.ts";
import type { RecordKind } from "../../journal/index.ts";
import { type UploadedLog, uploadedLog } from "../agentops/uploadedLog.ts";
import { batchOfOne, type SingleItem } from "../langsmith/singleItem.ts";
import { type Checked, SIGNALS } from "../signal.ts";

/** The items with one instrumentation key, as a body of their own; `items` is null if the request has no others. */
interface KeyedShare {
  key: string;
  positions: readonly number[];
  items: Uint8Array | null;
}

/**
 * The kinds of work on a whole uncompressed body before it is journalled. Pure, with arguments and results that can be passed between
 * threads; each may throw `MalformedBody`.
 */
export const BODY_WORK = {
  /** Checks a request of a signal. */
  check(body: Buffer, { kind, encoding, receivedAtUs }: { kind: RecordKind; encoding: Encoding; receivedAtUs: number }): Checked {
    const signal = SIGNALS.find((some) => some.kind === kind);
    if (signal === undefined) throw new Error(`nobody sends ${kind}`);
    return signal.check(body, encoding, receivedAtUs);
  },

  /** Groups the items of a track request by key. */
  shareOut(body: Buffer, _nothing: Record<never, never>): KeyedShare[] {
    const byKey = [...itemsByKey(body)];
    return byKey.map(([key, { items, positions }]) => ({
      key,
      positions,
      items: byKey.length === 1 ? null : Buffer.from(JSON.stringify(items)),
    }));
  },

  batchOfOne(body: Buffer, { form, path }: { form: SingleItem; path: string }): Uint8Array {
    return batchOfOne(form, body, path);
  },

  upload(body: Buffer, { traceId }: { traceId: string | null }): UploadedLog {
    return uploadedLog(body, traceId);
  },

  mentions(body: Buffer, { text }: { text: string }): boolean {
    return body.includes(text);
  },
};

export type BodyWork = typeof BODY_WORK;

/** The arguments of a kind of work besides the body, and below, its result. */
export type WorkArgs<K extends keyof BodyWork> = Parameters<BodyWork[K]>[1];
export type WorkResult<K extends keyof BodyWork> = ReturnType<BodyWork[K]>;

/** Runs a kind of work that is known only at run time. */
export function workOn(kind: keyof BodyWork, body: Buffer, args: unknown): unknown {
  return (BODY_WORK[kind] as (body: Buffer, args: unknown) => unknown)(body, args);
}
