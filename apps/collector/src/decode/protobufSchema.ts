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

/** Where a body is being read, and what is left of its budget of messages and list elements. */
interface Cursor {
  reader: protobuf.Reader;
  depth: number;
  valuesLeft: number;
}

/** One field of a message: its wire type, and what it does to the object that is being filled. */
export interface Field<T> {
  wire: number;
  read(cursor: Cursor, into: T): void;
}

/**
 * The known fields of a message by tag (number and wire type together). All others are skipped, also a known number with another wire
 * type.
 */
export type Schema<T> = ReadonlyMap<number, Field<T>>;

/** A message by its field numbers. A field that may come in more than one way is a list of these ways. */
export function schema<T>(fields: Readonly<Record<number, Field<T> | readonly Field<T>[]>>): Schema<T> {
  return new Map(
    Object.entries(fields).flatMap(([number, ways]) =>
      [ways].flat().map((field: Field<T>): [number, Field<T>] => [(Number(number) << 3) | field.wire, field]),
    ),
  );
}

/**
 * Makes the fields of one scalar type: each puts its value under a key, which may hold null before. A field sent twice is put twice, so the
 * last one stays.
 */
function scalar<V>(wire: number, read: (reader: protobuf.Reader) => V) {
  return <K extends string>(key: K): Field<Record<K, V | null>> => ({
    wire,
    read(cursor, into) {
      into[key] = read(cursor.reader) as Record<K, V | null>[K];
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
export const uint32 = scalar(VARINT, (reader) => reader.uint32());
export const zigzag = scalar(VARINT, (reader) => reader.sint32());
export const fixedUnsigned = scalar(FIXED64, readFixedUnsigned);
export const fixedInteger = scalar(FIXED64, readFixedInteger);

/** A 64-bit integer as a number where a double holds it exactly, as its text otherwise. */
function readFixedUnsigned(reader: protobuf.Reader): number | string {
  return integerOfHalves(reader.fixed32(), reader.fixed32());
}

function readFixedInteger(reader: protobuf.Reader): number | string {
  return integerOfHalves(reader.fixed32(), reader.sfixed32());
}

function integerOfHalves(low: number, high: number): number | string {
  const value = high * 2 ** 32 + low;
  return Number.isSafeInteger(value) ? value : String((BigInt(high) << 32n) | BigInt(low));
}

/** Makes the fields of a list of scalars. Writers pack them into one field or send each as its own, and readers must take both. */
function list<V>(wire: number, read: (reader: protobuf.Reader) => V) {
  return <K extends string>(key: K): Field<Record<K, V[]>>[] => [
    {
      wire,
      read(cursor, into) {
        spend(cursor);
        into[key].push(read(cursor.reader));
      },
    },
    {
      wire: LENGTH_DELIMITED,
      read(cursor, into) {
        const { reader } = cursor;
        const end = reader.uint32() + reader.pos;
        if (end > reader.len) throw new MalformedBody("a list is longer than what holds it");
        while (reader.pos < end) {
          spend(cursor);
          into[key].push(read(reader));
        }
        if (reader.pos > end) throw new MalformedBody("a list ends within a value");
      },
    },
  ];
}

export const doubles = list(FIXED64, (reader) => jsonNumber(reader.double()));
export const fixedUnsigneds = list(FIXED64, readFixedUnsigned);
export const unsigneds = list(VARINT, (reader) => exactNumber(reader.uint64().toString()));

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
      // Nothing is told and nobody hears of it: of millions of them none is built.
      if (length === 0 && close === undefined) return spend(cursor);
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
    readFields({ reader: protobuf.Reader.create(body), depth: 0, valuesLeft: VALUES_MAX }, of, into);
    return into;
  } catch (error) {
    if (error instanceof MalformedBody) throw error;
    throw new MalformedBody(`the body is no protobuf of this kind: ${(error as Error).message}`);
  }
}

/** Takes a message, or an element of a list, out of the budget. */
function spend(cursor: Cursor): void {
  cursor.valuesLeft -= 1;
  if (cursor.valuesLeft < 0) throw new MalformedBody(`more than ${VALUES_MAX} messages in one request`, "too_large");
}

function readFields<T>(cursor: Cursor, of: Schema<T>, into: T): void {
  const { reader } = cursor;
  cursor.depth += 1;
  if (cursor.depth > DEPTH_MAX) throw new MalformedBody("messages nest too deep");
  spend(cursor);
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    const known = of.get(tag);
    if (known === undefined) reader.skipType(tag & 7, 0, tag >>> 3);
    else known.read(cursor, into);
  }
  cursor.depth -= 1;
}
