import { sha256 } from "@signalbox/model";

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** A run's UUID as 32 lower-case hex digits, or null if the value is not a UUID. A trace's UUID is that of its root. */
export function runIdOf(value: unknown): string | null {
  return typeof value === "string" && UUID.test(value) ? value.replaceAll("-", "").toLowerCase() : null;
}

/** A run's UUID with dashes, as clients write it. */
export function uuidOf(runId: string): string {
  return runId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The first half of a UUID that was made from a span id: zeros; the span id is the second half. */
const NO_HALF = "0".repeat(16);

/**
 * Whether a run's UUID was made from a span id (zeros, then the id). LangSmith's client for JavaScript names runs so if it reports them
 * over OpenTelemetry only, for instance in feedback on a root run; such feedback has no trace id but that same UUID.
 */
export function isOfSpan(runId: string): boolean {
  return runId.startsWith(NO_HALF) && !runId.endsWith(NO_HALF);
}

/**
 * The span id of a run: the first 8 bytes of SHA-256 over the 16 bytes of the run's UUID, in hex, or the span id from which the UUID was
 * made. A root's span id derives from the same UUID whose digits are the trace id. Neither half of a UUID would do: runs that begin in the
 * same millisecond share all but 12 bits of the first half of a UUIDv7, and runs of one machine share the second half of a UUIDv1.
 */
export function spanIdOfRun(runId: string): string {
  if (isOfSpan(runId)) return runId.slice(NO_HALF.length);
  return sha256(Buffer.from(runId, "hex")).slice(0, 16);
}
