import protobuf from "protobufjs/minimal.js";
import { MalformedBody, VALUES_MAX } from "./malformedBody.ts";
import { exactNumber, jsonNumber } from "./numbers.ts";

/**
 * How deep messages may nest: `NESTING_MAX` levels of an attribute value are three messages each, below request, resource, scope, span
 * and event.
 */
const DEPTH_MAX = 200;

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;

/** Where a body is being read, and what is left of its budget of messages. */
interface Cursor {
  reader: protobuf.Reader;
  depth: number;
  messagesLeft: number;
}

/** One field of a message: its wire type, and what it does to the object that is being filled. */
interface Field<T> {
  wire: number;
  read(cursor: Cursor, into: T): void;
}

/**
 * The known fields of a message by tag (number and wire type together). All others are skipped, also a known number with another wire
 * type.
 */
export type Schema<T> = ReadonlyMap<number, Field<T>>;

/** A message by its field numbers. */
export function schema<T>(fields: Readonly<Record<number, Field<T>>>): Schema<T> {
  return new Map(Object.entries(fields).map(([number, field]) => [(Number(number) << 3) | field.wire, field]));
}

/** Makes the fields of one scalar type: each puts its value under a key. A field sent twice is put twice, so the last one stays. */
function scalar<V>(wire: number, read: (reader: protobuf.Reader) => V) {
  return <K extends string>(key: K): Field<Record<K, V>> => ({
    wire,
    read(cursor, into) {
      into[key] = read(cursor.reader) as Record<K, V>[K];
    },
  });
}

export const text = scalar(LENGTH_DELIMITED, (reader) => reader.string());
export const hex = scalar(LENGTH_DELIMITED, (reader) => Buffer.from(reader.bytes()).toString("hex"));
export const base64 = scalar(LENGTH_DELIMITED, (reader) => Buffer.from(reader.bytes()).toString("base64"));
export const bool = scalar(VARINT, (reader) => reader.bool());
export const enumeration = scalar(VARINT, (reader) => reader.int32());
export const integer = scalar(VARINT, (reader) => exactNumber(reader.int64().toString()));
export const double = scalar(FIXED64, (reader) => jsonNumber(reader.double()));
export const nanos = scalar(FIXED64, (reader) => {
  const low = reader.fixed32();
  return (BigInt(reader.fixed32()) << 32n) | BigInt(low);
});

/**
 * A field that is itself a message: `open` gives the object that it fills, `close` runs when it is full. `of` is a function so that
 * schemas may recur.
 */
export function child<T, C>(of: () => Schema<C>, open: (parent: T) => C, close?: (parent: T, filled: C) => void): Field<T> {
  return {
    wire: LENGTH_DELIMITED,
    read(cursor, parent) {
      const { reader } = cursor;
      const outerEnd = reader.len;
      const length = reader.uint32();
      if (reader.pos + length > outerEnd) throw new MalformedBody("a message is longer than what holds it");
      const filled = open(parent);
      reader.len = reader.pos + length;
      readFields(cursor, of(), filled);
      reader.len = outerEnd;
      close?.(parent, filled);
    },
  };
}

/** Reads a whole body into `into`. Throws `MalformedBody`. */
export function readMessage<T>(body: Buffer, of: Schema<T>, into: T): T {
  try {
    readFields({ reader: protobuf.Reader.create(body), depth: 0, messagesLeft: VALUES_MAX }, of, into);
    return into;
  } catch (error) {
    if (error instanceof MalformedBody) throw error;
    throw new MalformedBody(`the body is no protobuf of this kind: ${(error as Error).message}`);
  }
}

function readFields<T>(cursor: Cursor, of: Schema<T>, into: T): void {
  const { reader } = cursor;
  cursor.depth += 1;
  cursor.messagesLeft -= 1;
  if (cursor.depth > DEPTH_MAX) throw new MalformedBody("messages nest too deep");
  if (cursor.messagesLeft < 0) throw new MalformedBody(`more than ${VALUES_MAX} messages in one request`, "too_large");
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    const known = of.get(tag);
    if (known === undefined) reader.skipType(tag & 7, 0, tag >>> 3);
    else known.read(cursor, into);
  }
  cursor.depth -= 1;
}
