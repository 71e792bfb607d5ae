import { AppError } from "@signalbox/model";
import { z } from "zod";
import { SPAN_DIALECT_NAMES } from "../spans/spanDialects.ts";

/** What decides, down to the byte, which spans a run sends. The same payload gives the same spans again. */
export const Payload = z.strictObject({
  /** How requests are written. */
  form: z.enum(["otlp", "langsmith"]),
  seed: z.number().int().nonnegative(),
  spansPerTrace: z.number().int().positive(),
  spansPerRequest: z.number().int().positive(),
  /** Bytes of its form per span. Below what a span takes that says nothing, it is that; above, the rest is text. */
  bytesPerSpan: z.number().int().positive(),
  /** Conventions that the traces speak in turn, in OTLP. */
  dialects: z.array(z.enum(SPAN_DIALECT_NAMES)).nonempty(),
  /** So many different requests there are; beyond them only ids and times differ. */
  templates: z.number().int().positive(),
});
export type Payload = z.infer<typeof Payload>;

/** So many bytes of different text are made: more than a store sees at once when it compresses, so that it cannot find them again. */
const POOL_BYTES = 64 * 1024 * 1024;
const POOL_BYTES_MAX = 1024 * 1024 * 1024;

/**
 * How many templates a payload needs: at least `templatesMin`, enough bytes of them, and so many that they hold whole traces, so that a
 * template's roots are roots each time it is sent. Throws `invalid_input` for a shape that would need too much memory.
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
