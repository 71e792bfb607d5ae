import { sha256 } from "@signalbox/model";

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** A run's UUID as 32 lower-case hex digits, or null for what is none. A trace's UUID is that of its root. */
export function runIdOf(value: unknown): string | null {
  return typeof value === "string" && UUID.test(value) ? value.replaceAll("-", "").toLowerCase() : null;
}

/** A run's UUID as its clients write it. */
export function uuidOf(runId: string): string {
  return runId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** In the place of the first half of a UUID: what follows is a span's id. */
const NO_HALF = "0".repeat(16);

/**
 * Whether a run's UUID was made of a span's id (zeros, then the id). LangSmith's client for JavaScript names so the root runs
 * that it tells over OpenTelemetry alone, in its feedback for one; the trace of such a run is not told, but by the same UUID.
 */
export function isOfSpan(runId: string): boolean {
  return runId.startsWith(NO_HALF) && !runId.endsWith(NO_HALF);
}

/**
 * The span of a run: the first 8 bytes of SHA-256 over the 16 bytes of the run's UUID, in hex, or the id that the UUID was made of.
 * The root of a trace has its span id from the same UUID whose digits are the trace id. Neither half of a UUID would do: runs that
 * begin in the same millisecond share the first half of a UUIDv7 but for 12 bits, those of one machine the second half of a UUIDv1.
 */
export function spanIdOfRun(runId: string): string {
  if (isOfSpan(runId)) return runId.slice(NO_HALF.length);
  return sha256(Buffer.from(runId, "hex")).slice(0, 16);
}
