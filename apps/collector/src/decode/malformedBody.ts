/** A body is not a valid request. Thrown by the decoders; the receiver answers 400 (413 for `too_large`) and stores nothing. */
export class MalformedBody extends Error {
  override readonly name = "MalformedBody";
  readonly fault: "malformed" | "too_large";

  constructor(message: string, fault: "malformed" | "too_large" = "malformed") {
    super(message);
    this.fault = fault;
  }
}

/** How deep lists and maps may nest in attribute values; the protobuf libraries of most languages give up at 100. */
export const NESTING_MAX = 64;

/**
 * How many messages (protobuf) or objects and lists (JSON) one request may hold. An empty message costs its sender two bytes and us about a
 * hundred, so a limit on bytes alone does not bound memory. 64 MiB of ordinary spans hold about three million.
 */
export const VALUES_MAX = 4_000_000;

/**
 * How many data points of metrics one request may hold. An empty point takes two bytes on the wire and about seven hundred when decoded.
 */
export const POINTS_MAX = 500_000;

/** Throws if there are more than `max` of `what`. */
export function requireAtMost(count: number, max: number, what: string): void {
  if (count > max) throw new MalformedBody(`more than ${max} ${what}`, "too_large");
}
