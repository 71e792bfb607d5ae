import { z } from "zod";
import { SPAN_DIALECT_NAMES } from "./spanDialects.ts";

/** What decides, down to the byte, which spans a run sends. The same payload gives the same spans again. */
export const Payload = z.strictObject({
  seed: z.number().int().nonnegative(),
  spansPerTrace: z.number().int().positive(),
  spansPerRequest: z.number().int().positive(),
  /** Bytes of OTLP protobuf per span. Below what fifteen short attributes take, it is that; above, the rest is text. */
  bytesPerSpan: z.number().int().positive(),
  /** Conventions that the traces speak in turn. */
  dialects: z.array(z.enum(SPAN_DIALECT_NAMES)).nonempty(),
});
export type Payload = z.infer<typeof Payload>;
