import type { SpanKind } from "@signalbox/model";

/** A field of the canonical span that is a plain text. */
export type TextField =
  | "operation"
  | "provider"
  | "model"
  | "agent"
  | "session"
  | "user"
  | "promptName"
  | "promptVersion"
  | "variant"
  | "toolName"
  | "toolCallId";

/** A field that is a count of tokens. `cacheWrite` is a part of `input` that some providers charge more for. */
export type CountField = "input" | "output" | "cached" | "cacheWrite" | "reasoning";

/** A field that holds a body: it moves to a column of its own and leaves the attributes. */
export type BodyField = "systemMessages" | "inputMessages" | "outputMessages" | "toolArguments" | "toolResult";

/** Attribute keys that mean the same thing, the one to be preferred first. */
export type Keys = readonly string[];

/**
 * How one convention says what the canonical span says. Data alone: the engine (`normaliseSpan`) is the same for all.
 * A span speaks the first dialect of the list of which it has an attribute that begins with `prefix`.
 */
export interface Dialect {
  name: string;
  prefix: string;
  texts: Readonly<Partial<Record<TextField, Keys>>>;
  counts: Readonly<Partial<Record<CountField, Keys>>>;
  bodies: Readonly<Partial<Record<BodyField, Keys>>>;
  costUsd: Keys;
  /** What each value of the operation makes the span; in upper or lower case. */
  kinds: Readonly<Record<string, SpanKind>>;
}
