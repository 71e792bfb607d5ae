import { z } from "zod";
import { canonicalHash } from "../sha256.ts";
import { CanaryPolicy } from "./canaryPolicy.ts";
import { OfflinePolicy } from "./offlinePolicy.ts";

/**
 * The policy of a gate on two eval runs (`offline`), live traffic (`canary`), or both. Strict:
 * unknown keys are refused. Margins are in the metrics' own units, error rates are probabilities.
 */
export const GatePolicy = z.strictObject({
  apiVersion: z.literal("gates/v1"),
  kind: z.literal("GatePolicy"),
  metadata: z.strictObject({
    name: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "is made of small letters, digits and dashes, 63 at most"),
  }),
  spec: z
    .strictObject({
      /** The candidate's opponent: `production`, or a run. Resolved when the gate begins. */
      baseline: z.strictObject({ ref: z.string().min(1) }).default({ ref: "production" }),
      /** The unit of assignment, counted once. */
      unit: z.enum(["session", "user"]).default("session"),
      offline: OfflinePolicy.optional(),
      canary: CanaryPolicy.optional(),
    })
    .refine(
      ({ offline, canary }) => offline !== undefined || canary !== undefined,
      "has neither offline nor canary: there is nothing to judge",
    ),
});
export type GatePolicy = z.infer<typeof GatePolicy>;

/** Former members of `spec`, which nothing ever read (ADR 045). */
const RETIRED: readonly string[] = ["outputs", "override"];

/** A policy stored with a rollout or a verdict: retired settings are dropped when it is read. */
export const KeptGatePolicy = z.preprocess((kept) => {
  const read = z.looseObject({ spec: z.record(z.string(), z.unknown()) }).safeParse(kept);
  if (!read.success) return kept;
  return { ...read.data, spec: Object.fromEntries(Object.entries(read.data.spec).filter(([key]) => !RETIRED.includes(key))) };
}, GatePolicy);

/**
 * SHA-256 (hex) of a policy's canonical JSON. Pass a policy with its defaults filled in to get the same hash
 * for texts that mean the same; pass a stored policy as stored, so that later defaults do not change its hash.
 */
export function policyHash(policy: unknown): string {
  return canonicalHash(policy);
}

/** SHA-256 (hex) of a policy's offline part; null where it has none. */
export function offlineHash({ spec: { offline } }: GatePolicy): string | null {
  return offline === undefined ? null : policyHash(offline);
}

/** The JSON Schema of a policy file, for editors. */
export function policyJsonSchema(): Record<string, unknown> {
  return {
    $id: "urn:signalbox:gate-policy:v1",
    title: "Signalbox gate policy",
    ...z.toJSONSchema(GatePolicy, { io: "input" }),
  };
}
