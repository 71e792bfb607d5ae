import { z } from "zod";

/** A duration in Go's syntax. */
const GoDuration = z.string().regex(/^(\d+(ms|s|m|h))+$/);
const Name = z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
const Weight = z.int().min(0).max(100);
const Metadata = z.strictObject({ name: Name, namespace: Name.optional() });
const Reference = z.strictObject({ name: Name, namespace: Name.optional() });

/**
 * The fields that we use of a Canary (`pkg/apis/flagger/v1beta1/canary.go`, `artifacts/flagger/crd.yaml` of fluxcd/flagger). An unknown key
 * is a typing error, which the cluster would drop silently.
 */
export const FlaggerCanaryObject = z.strictObject({
  apiVersion: z.literal("flagger.app/v1beta1"),
  kind: z.literal("Canary"),
  metadata: Metadata,
  spec: z.strictObject({
    targetRef: z.strictObject({ apiVersion: z.string(), kind: z.enum(["Deployment", "DaemonSet", "Service"]), name: Name }),
    progressDeadlineSeconds: z.int().positive(),
    service: z.strictObject({ port: z.int().positive(), targetPort: z.union([z.int().positive(), z.string()]) }),
    analysis: z.strictObject({
      interval: GoDuration,
      threshold: z.int().positive(),
      maxWeight: Weight,
      stepWeights: z.array(Weight).min(1),
      sessionAffinity: z.strictObject({ cookieName: z.string(), maxAge: z.int() }),
      metrics: z.array(
        z.strictObject({
          name: z.string(),
          interval: GoDuration,
          templateRef: Reference,
          templateVariables: z.record(z.string(), z.string()),
          thresholdRange: z.strictObject({ min: z.number().optional(), max: z.number().optional() }),
        }),
      ),
      webhooks: z.array(
        z.strictObject({
          name: z.string(),
          type: z.enum([
            "confirm-rollout",
            "pre-rollout",
            "rollout",
            "confirm-traffic-increase",
            "confirm-promotion",
            "post-rollout",
            "rollback",
            "event",
          ]),
          url: z.url(),
          muteAlert: z.boolean(),
          metadata: z.record(z.string(), z.string()),
        }),
      ),
    }),
  }),
});

/** The fields that we use of a MetricTemplate (`metric.go`, in the same place). */
export const FlaggerMetricTemplate = z.strictObject({
  apiVersion: z.literal("flagger.app/v1beta1"),
  kind: z.literal("MetricTemplate"),
  metadata: Metadata,
  spec: z.strictObject({
    provider: z.strictObject({ type: z.literal("prometheus"), address: z.url(), secretRef: z.strictObject({ name: Name }) }),
    query: z.string(),
  }),
});
