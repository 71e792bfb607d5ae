import { z } from "zod";
import { canonicalHash } from "../sha256.ts";
import { CanaryPolicy } from "./canaryPolicy.ts";
import { OfflinePolicy } from "./offlinePolicy.ts";

/** Where a verdict is told besides the terminal. */
const Outputs = z.strictObject({
  github: z.array(z.enum(["check-run", "deployment-protection", "step-summary"])).default([]),
  junit: z.string().min(1).optional(),
  argo: z.boolean().default(false),
  flagger: z.boolean().default(false),
});

/**
 * What a gate judges by: two eval runs (`offline`), live traffic (`canary`), or both. Strict: a key that nobody reads is refused.
 * Margins are in the metrics' own units, errors are probabilities.
 */
export const GatePolicy = z.strictObject({
  apiVersion: z.literal("gates/v1"),
  kind: z.literal("GatePolicy"),
  metadata: z.strictObject({
    name: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "is made of small letters, digits and dashes, 63 at most"),
  }),
  spec: z
    .strictObject({
      /** What a candidate is compared with: `production`, or a run. Resolved when the gate begins. */
      baseline: z.strictObject({ ref: z.string().min(1) }).default({ ref: "production" }),
      /** What is assigned to a version, and counted once. */
      unit: z.enum(["session", "user"]).default("session"),
      offline: OfflinePolicy.optional(),
      canary: CanaryPolicy.optional(),
      outputs: Outputs.optional(),
      /** Who may overrule a verdict; it is audited. */
      override: z.strictObject({ requireReason: z.boolean().default(true), roles: z.array(z.string().min(1)).default([]) }).optional(),
    })
    .refine(
      ({ offline, canary }) => offline !== undefined || canary !== undefined,
      "has neither offline nor canary: there is nothing to judge",
    ),
});
export type GatePolicy = z.infer<typeof GatePolicy>;

/**
 * SHA-256 (hex) of a policy's JSON as it is given: of one with its defaults filled in two texts that
 * mean the same have the same; of a stored one, of what is stored, whatever defaults came later.
 */
export function policyHash(policy: unknown): string {
  return canonicalHash(policy);
}

/** The JSON Schema of a policy as people write it, for editors. */
export function policyJsonSchema(): Record<string, unknown> {
  return {
    $id: "urn:signalbox:gate-policy:v1",
    title: "Signalbox gate policy",
    ...z.toJSONSchema(GatePolicy, { io: "input" }),
  };
}
