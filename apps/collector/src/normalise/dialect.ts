import type { SpanKind } from "@signalbox/model";

/** A text field of the canonical span. */
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
 * A token count of the canonical span. `cached` and `cacheWrite` are parts of `input`; some providers charge more for the latter. If they
 * exceed `input`, the sender counts them separately, and they are added to it. `cachedInside` is read if there is no `cached`, and is never
 * added: where a convention has both, some of its senders pass a provider's own usage on.
 */
export type CountField = "input" | "output" | "cached" | "cachedInside" | "cacheWrite" | "reasoning";

/** A field that holds a body: it is moved to a column of its own and leaves the attributes. */
export type BodyField = "systemMessages" | "inputMessages" | "outputMessages" | "toolArguments" | "toolResult";

/**
 * Attribute keys with the same meaning, in order of preference; one without a value or with an empty text counts as absent. A key may be
 * `attribute#member.member`: a member of the attribute's JSON text or structured value, where a number selects from a list.
 */
export type Keys = readonly string[];

/**
 * How one convention expresses the canonical span's fields. Pure data: the engine (`SpanWriter`) is the same for all. A span speaks the
 * first dialect in the list of which it has an attribute that begins with one of `prefixes` or equals one of `marks`.
 */
export interface Dialect {
  name: string;
  prefixes: readonly string[];
  /** Keys that identify the dialect where a prefix would also match other dialects' spans. */
  marks?: readonly string[];
  texts: Readonly<Partial<Record<TextField, Keys>>>;
  counts: Readonly<Partial<Record<CountField, Keys>>>;
  /**
   * Keys of the bodies. A tool call is read only from spans of kind `tool`, and before messages: where a convention uses the same attribute
   * for both, the span's kind decides which it is.
   */
  bodies: Readonly<Partial<Record<BodyField, Keys>>>;
  /** Prefixes of index-flattened messages (`prefix.0.role`); read before `bodies`. See `readIndexedMessages`. */
  indexed?: Readonly<Partial<Record<BodyField, string>>>;
  costUsd: Keys;
  tags?: Keys;
  /** Keys of tags joined into one text by a comma and a space; read if there are no other tags. */
  joinedTags?: Keys;
  /** Keys whose value gives the kind; read before the operation. */
  kindKeys: Keys;
  /** The span kind for each such value, and for each operation, in lower case; unknown ones mean `other`. */
  kinds: Readonly<Record<string, SpanKind>>;
  /** The input count excludes cached and cache-write tokens, as in Anthropic's API; the canonical count includes them. */
  cachedIsBesideInput?: boolean;
}
