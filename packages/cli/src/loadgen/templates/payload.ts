import { AppError } from "@signalbox/model";
import { z } from "zod";
import { SPAN_DIALECT_NAMES } from "../spans/spanDialects.ts";

/** Everything that determines, down to the byte, the spans of a run. The same payload gives the same spans again. */
export const Payload = z.strictObject({
  /** The encoding of requests. */
  form: z.enum(["otlp", "langsmith"]),
  seed: z.number().int().nonnegative(),
  spansPerTrace: z.number().int().positive(),
  spansPerRequest: z.number().int().positive(),
  /** Encoded bytes per span. A span without content has a minimal size; anything above is text. */
  bytesPerSpan: z.number().int().positive(),
  /** Conventions that the traces use in turn, in OTLP. */
  dialects: z.array(z.enum(SPAN_DIALECT_NAMES)).nonempty(),
  /** The number of different requests; beyond it only ids and times differ. */
  templates: z.number().int().positive(),
});
export type Payload = z.infer<typeof Payload>;

/** The amount of different text, in bytes: more than a store compresses at once, so that it cannot find repetitions. */
const POOL_BYTES = 64 * 1024 * 1024;
const POOL_BYTES_MAX = 1024 * 1024 * 1024;

/**
 * The number of templates of a payload: at least `templatesMin`, enough bytes of them, and a number that holds whole traces, so
 * that a template's roots are roots each time it is sent. Throws `invalid_input` for a shape that would need too much memory.
 */
export function templatesFor({ spansPerTrace, spansPerRequest, bytesPerSpan }: Omit<Payload, "templates">, templatesMin: number): number {
  const step = spansPerTrace / greatestCommonDivisor(spansPerTrace, spansPerRequest);
  const requestBytes = spansPerRequest * bytesPerSpan;
  const templates = Math.ceil(Math.max(templatesMin, POOL_BYTES / requestBytes) / step) * step;
  if (templates * requestBytes <= POOL_BYTES_MAX) return templates;
  throw new AppError("invalid_input", `Traces of ${spansPerTrace} spans in requests of ${spansPerRequest} need too much memory.`, {
    hint: "Let the one be a multiple of the other, or send smaller requests.",
  });
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
