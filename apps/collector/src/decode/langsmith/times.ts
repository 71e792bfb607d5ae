import { runIdOf } from "./runId.ts";

/** A run's place in its trace: `path` is the run ids from the root to the run, `startTimeUnixNano` is when the run began. */
export interface DottedOrder {
  path: readonly string[];
  startTimeUnixNano: bigint;
}

const SEGMENT = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(\d{0,9})Z(.{32,36})$/;

/**
 * Parses a `dotted_order`: segments joined by ".", each `YYYYMMDDTHHMMSSffffffZ` and a run's UUID, from the root to the run itself. Null
 * for anything else.
 */
export function readDottedOrder(value: unknown): DottedOrder | null {
  if (typeof value !== "string") return null;
  const segments = value.split(".").map((segment) => SEGMENT.exec(segment));
  const path = segments.flatMap((segment) => runIdOf(segment?.[8]) ?? []);
  const [, year, month, day, hour, minute, second, fraction = ""] = segments.at(-1) ?? [];
  if (path.length !== segments.length) return null;
  const startTimeUnixNano = nanosOf(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`, fraction);
  return startTimeUnixNano === null ? null : { path, startTimeUnixNano };
}

const ISO = /^(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * A time in the formats of LangSmith's clients, in nanoseconds since 1970: ISO 8601 (UTC if it has no offset), or milliseconds as a number.
 */
export function readTime(value: unknown): bigint | null {
  if (typeof value === "number") return Number.isFinite(value) && value > 0 ? BigInt(Math.round(value * 1_000)) * 1_000n : null;
  const [, moment, fraction = "", offset = "Z"] = (typeof value === "string" ? ISO.exec(value) : null) ?? [];
  return moment === undefined ? null : nanosOf(`${moment.replace(" ", "T")}${offset}`, fraction);
}

function nanosOf(iso: string, fraction: string): bigint | null {
  const millis = Date.parse(iso);
  return Number.isNaN(millis) ? null : BigInt(millis) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}

/** Whether a value is exactly a run's UUID, a time or a `dotted_order`. */
export function isRunPlace(value: unknown): boolean {
  return runIdOf(value) !== null || readTime(value) !== null || readDottedOrder(value) !== null;
}
