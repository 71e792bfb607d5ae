import { type IndexedKey, KEYS, readIndexedKey, type SpanKind } from "@signalbox/model";
import type { BodyField, CountField, Dialect, Keys, TextField } from "./dialect.ts";
import { COMMON, DIALECTS } from "./dialects/index.ts";
import { KeyTable } from "./keyTable.ts";

/** A key of a dialect: its attribute's number in the key table, and the path to a member of the value, or null for the value itself. */
export interface CompiledKey {
  number: number;
  path: readonly string[] | null;
}
export type CompiledKeys = readonly CompiledKey[];

/** A dialect, prepared for being applied to many spans. */
export interface CompiledDialect {
  name: string;
  texts: Readonly<Record<TextField, CompiledKeys>>;
  counts: Readonly<Record<CountField, CompiledKeys>>;
  bodies: Readonly<Record<BodyField, CompiledKeys>>;
  indexed: NonNullable<Dialect["indexed"]>;
  costUsd: CompiledKeys;
  tags: CompiledKeys;
  joinedTags: CompiledKeys;
  kindKeys: CompiledKeys;
  kinds: ReadonlyMap<string, SpanKind>;
  cachedIsBesideInput: boolean;
}

/** All keys that any dialect reads. Filled once, when this module is loaded. */
export const KEY_TABLE = new KeyTable();

/** Keys that say whether the sender estimated token counts; the same in every dialect. */
export const USAGE_ESTIMATED = compileKeys([KEYS.usageEstimated]);

/** Keys by which a span itself gives its environment and release; read if its resource gives none. The same in every dialect. */
export const ENVIRONMENT = compileKeys(["langfuse.environment"]);
export const RELEASE = compileKeys(["langfuse.release", "langsmith.metadata.revision_id"]);

/** Keys whose presence means that a span holds the answers of a decision model. */
export const DECISION_MARKS = compileKeys(["ai.decision.answers", "langsmith.decision"]);

export const COMPILED_DIALECTS: readonly CompiledDialect[] = DIALECTS.map(compile);

const PREFIXES = DIALECTS.flatMap(({ prefixes }, rank) =>
  prefixes.filter((prefix) => prefix !== "").map((prefix) => ({ bytes: Buffer.from(prefix), rank })),
);

/** The rank of the dialect that takes every span. */
const LAST_RANK = DIALECTS.length - 1;

for (const { marks = [] } of DIALECTS) for (const mark of marks) KEY_TABLE.add(mark);

/** For each key of the table, the rank of the first dialect that a span with this key speaks. */
const RANKS = Uint8Array.from(KEY_TABLE.texts, (key) => {
  const rank = DIALECTS.findIndex(({ prefixes, marks = [] }) => marks.includes(key) || prefixes.some((prefix) => key.startsWith(prefix)));
  return rank === -1 ? LAST_RANK : rank;
});

/** The index in `COMPILED_DIALECTS` of the first dialect that a span with this key speaks; `number` is the key's in the table, or -1. */
export function rankOfKey(number: number, bytes: Uint8Array, start: number, end: number): number {
  if (number !== -1) return RANKS[number] as number;
  for (const prefix of PREFIXES) if (startsWith(bytes, start, end, prefix.bytes)) return prefix.rank;
  return LAST_RANK;
}

const INDEXED_PREFIXES = [...new Set(DIALECTS.flatMap(({ indexed = {} }) => Object.values(indexed)))].map((prefix) => ({
  prefix,
  bytes: Buffer.from(`${prefix}.`),
}));

/** Parses a key of index-flattened messages: the prefix of the messages, and the key's meaning in them; null for any other key. */
export function indexedKeyOf(bytes: Uint8Array): { prefix: string; key: IndexedKey } | null {
  const found = INDEXED_PREFIXES.find((prefix) => startsWith(bytes, 0, bytes.length, prefix.bytes));
  const key = found === undefined ? null : readIndexedKey(Buffer.from(bytes).toString(), found.prefix);
  return found === undefined || key === null ? null : { prefix: found.prefix, key };
}

function startsWith(bytes: Uint8Array, start: number, end: number, prefix: Uint8Array): boolean {
  if (end - start < prefix.length) return false;
  for (let place = 0; place < prefix.length; place += 1) if (bytes[start + place] !== prefix[place]) return false;
  return true;
}

function compileKeys(keys: Keys = []): CompiledKeys {
  return keys.map((key) => {
    const [attribute = "", member] = key.split("#");
    return { number: KEY_TABLE.add(attribute), path: member?.split(".") ?? null };
  });
}

function compile(dialect: Dialect): CompiledDialect {
  const text = (field: TextField) => compileKeys([...(dialect.texts[field] ?? []), ...(COMMON[field] ?? [])]);
  const count = (field: CountField) => compileKeys(dialect.counts[field]);
  const body = (field: BodyField) => compileKeys(dialect.bodies[field]);
  return {
    name: dialect.name,
    texts: {
      operation: text("operation"),
      provider: text("provider"),
      model: text("model"),
      agent: text("agent"),
      session: text("session"),
      user: text("user"),
      promptName: text("promptName"),
      promptVersion: text("promptVersion"),
      variant: text("variant"),
      toolName: text("toolName"),
      toolCallId: text("toolCallId"),
    },
    counts: {
      input: count("input"),
      output: count("output"),
      cached: count("cached"),
      cachedInside: count("cachedInside"),
      cacheWrite: count("cacheWrite"),
      reasoning: count("reasoning"),
    },
    bodies: {
      systemMessages: body("systemMessages"),
      inputMessages: body("inputMessages"),
      outputMessages: body("outputMessages"),
      toolArguments: body("toolArguments"),
      toolResult: body("toolResult"),
    },
    indexed: dialect.indexed ?? {},
    costUsd: compileKeys(dialect.costUsd),
    tags: compileKeys([...(dialect.tags ?? []), KEYS.tags]),
    joinedTags: compileKeys(dialect.joinedTags),
    kindKeys: compileKeys(dialect.kindKeys),
    kinds: new Map(Object.entries(dialect.kinds)),
    cachedIsBesideInput: dialect.cachedIsBesideInput ?? false,
  };
}
