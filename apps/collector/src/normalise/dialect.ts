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

/**
 * A field that is a count of tokens. `cached` and `cacheWrite` are parts of `input`, the latter one that some providers charge more for;
 * where they are more than the whole, the sender counts them beside it, and they are added. `cachedInside` is looked at where there is no
 * `cached`, and is never added: where a convention has both, some of its senders pass a provider's own usage on.
 */
export type CountField = "input" | "output" | "cached" | "cachedInside" | "cacheWrite" | "reasoning";

/** A field that holds a body: it moves to a column of its own and leaves the attributes. */
export type BodyField = "systemMessages" | "inputMessages" | "outputMessages" | "toolArguments" | "toolResult";

/**
 * Attribute keys that mean the same thing, the one to be preferred first; one without a value or with an empty text counts as absent. A
 * key may be `attribute#member.member`: a member of the attribute's JSON text or structured value, where a number picks from a list.
 */
export type Keys = readonly string[];

/**
 * How one convention says what the canonical span says. Data alone: the engine (`SpanWriter`) is the same for all.
 * A span speaks the first dialect of the list of which it has an attribute that begins with one of `prefixes` or is one of `marks`.
 */
export interface Dialect {
  name: string;
  prefixes: readonly string[];
  /** Keys that make a span speak the dialect where a prefix would take in spans of others. */
  marks?: readonly string[];
  texts: Readonly<Partial<Record<TextField, Keys>>>;
  counts: Readonly<Partial<Record<CountField, Keys>>>;
  /**
   * The call of a tool is read of spans of the kind `tool` alone, and before messages: where a convention writes both into the same
   * attribute, it is an argument or a message by the kind of its span.
   */
  bodies: Readonly<Partial<Record<BodyField, Keys>>>;
  /** Prefixes of messages that are flattened by index (`prefix.0.role`); looked at before `bodies`. See `readIndexedMessages`. */
  indexed?: Readonly<Partial<Record<BodyField, string>>>;
  costUsd: Keys;
  tags?: Keys;
  /** Tags that are one text, with a comma and a space between them; looked at where there are no others. */
  joinedTags?: Keys;
  /** Whose value says the kind, looked at before the operation. */
  kindKeys: Keys;
  /** What each such value, and each operation, in lower case makes the span; one that is not here makes it `other`. */
  kinds: Readonly<Record<string, SpanKind>>;
  /** The input count leaves out cached and cache-write tokens, as Anthropic's API does; the canonical count has them. */
  cachedIsBesideInput?: boolean;
}
