import { z } from "zod";

/**
 * The payload of every Flagger webhook (`CanaryWebhookPayload` of `pkg/apis/flagger/v1beta1/canary.go`). Flagger cannot send a header of
 * ours: a key comes as `metadata.token`.
 */
export const FlaggerPayload = z.object({
  name: z.string().min(1).max(253),
  namespace: z.string().min(1).max(253),
  phase: z.string().max(100),
  checksum: z.string().min(1).max(100),
  metadata: z.record(z.string(), z.string()).nullish(),
});
export type FlaggerPayload = z.infer<typeof FlaggerPayload>;

/** The metadata that Flagger adds to an event; `timestamp` is milliseconds since 1970, as text. */
export const FlaggerEvent = z.object({
  eventMessage: z.string().max(10_000).default(""),
  eventType: z.string().max(100).default("Normal"),
  timestamp: z.coerce.number().int().min(0).max(8.64e15).optional(),
});
