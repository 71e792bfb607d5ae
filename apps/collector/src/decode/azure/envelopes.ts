import type { JsonObject } from "../jsonBody.ts";
import { objectOf, scalarOf, textOf } from "../jsonFields.ts";
import { MalformedBody } from "../malformedBody.ts";
import type { Attributes } from "../otlp.ts";

/** One item of a track request, with its payload unchecked. `timeUnixNano` is when it began or happened. */
export interface Envelope {
  timeUnixNano: bigint;
  tags: JsonObject;
  baseType: string;
  baseData: JsonObject;
}

/** Parses an item's envelope. Throws `MalformedBody`, which says what is wrong with it. */
export function envelopeOf(item: JsonObject): Envelope {
  const data = objectOf(item, "data");
  return {
    timeUnixNano: nanosOfTime(textOf(item, "time")),
    tags: objectOf(item, "tags"),
    baseType: textOf(data, "baseType"),
    baseData: objectOf(data, "baseData"),
  };
}

/** The application's attributes of an item: its properties, which exporters write as text, and its measurements. */
export function attributesOf(baseData: JsonObject): Attributes {
  const attributes: Attributes = new Map();
  for (const group of ["properties", "measurements"]) {
    const values = objectOf(baseData, group);
    for (const key of Object.keys(values)) attributes.set(key, scalarOf(values, key));
  }
  return attributes;
}

/** A trace or span id. Older SDKs write a trace's id as a UUID. */
export function idOf(from: JsonObject, key: string): string {
  return textOf(from, key).replaceAll("-", "").toLowerCase();
}

const TIME = /^([\d-]+T\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?(Z|[+-]\d\d:\d\d)?$/;

/** ISO 8601 with up to nine decimals; UTC if no offset is given. */
function nanosOfTime(text: string): bigint {
  const [, seconds = "", decimals = "", zone = "Z"] = TIME.exec(text) ?? [];
  const milliseconds = Date.parse(`${seconds}${zone}`);
  if (Number.isNaN(milliseconds)) throw new MalformedBody("time is not a time of ISO 8601");
  return BigInt(milliseconds) * 1_000_000n + BigInt(decimals.padEnd(9, "0"));
}

const DURATION = /^(?:(\d{1,8})\.)?(\d{1,2}):(\d\d):(\d\d)(?:\.(\d{1,9}))?$/;

/** `[days.]hours:minutes:seconds[.decimals]`, in nanoseconds. */
export function durationOf(baseData: JsonObject): bigint {
  const match = DURATION.exec(textOf(baseData, "duration"));
  if (match === null) throw new MalformedBody("duration is not [days.]hours:minutes:seconds");
  const [, days = "0", hours, minutes, seconds, decimals = ""] = match;
  const whole = (Number(days) * 24 + Number(hours)) * 3_600 + Number(minutes) * 60 + Number(seconds);
  return BigInt(whole) * 1_000_000_000n + BigInt(decimals.padEnd(9, "0"));
}
