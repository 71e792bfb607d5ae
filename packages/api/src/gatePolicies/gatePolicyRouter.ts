import { readPolicyText, usualMean } from "@signalbox/evals";
import { AppError, policyHash } from "@signalbox/model";
import { z } from "zod";
import { procedure, router } from "../trpc.ts";
import { simulateDrop } from "./simulateDrop.ts";

/** A policy has a few metrics and steps; this is some hundreds of them. */
const POLICY_CHARS_MAX = 100_000;

/** Somebody waits for a simulation. */
const SIMULATION_MS_MAX = 20_000;

const PolicyText = z.string().max(POLICY_CHARS_MAX);

const Simulation = z.strictObject({
  text: PolicyText,
  unitsPerHour: z.int().min(1).max(1_000_000),
  hoursMax: z.number().positive().max(10_000).default(168),
  metric: z.string().min(1).max(100).optional(),
  drop: z.number().nonnegative().optional(),
  means: z.record(z.string().min(1).max(100), z.number()).default({}),
  sims: z.int().min(20).max(1_000).default(200),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1),
});

export const gatePolicyRouter = router({
  /**
   * What is wrong in a policy, line by line, as `gate lint` says it; of one that is valid its hash, advice,
   * and the metrics of its live gate, with what is taken for the stable version's mean where nobody says it.
   */
  lint: procedure.input(z.strictObject({ text: PolicyText })).query(({ input: { text } }) => {
    const read = readPolicyText(text);
    if (read.kind === "wrong") return { kind: read.kind, problems: read.problems };
    const { policy, advice } = read;
    const { metadata, spec } = policy;
    return {
      ...{
        kind: read.kind,
        name: metadata.name,
        hash: policyHash(policy),
        unit: spec.unit,
        advice,
        hasOffline: spec.offline !== undefined,
      },
      canary:
        spec.canary === undefined
          ? null
          : spec.canary.metrics.map((metric) => ({
              ...{ name: metric.name, role: metric.role, kind: metric.kind, usualMean: usualMean(metric) },
              margin: metric.kind === "count" ? null : metric.nonInferiorityMargin,
            })),
    };
  }),

  /**
   * What a policy does to a candidate that is worse in one metric, and to one that is equal:
   * rollouts are played, as `gate simulate` plays them, as many as there is time for.
   */
  simulate: procedure.input(Simulation).query(({ ctx, input: { text, ...question }, signal }) => {
    const read = readPolicyText(text);
    if (read.kind === "wrong")
      throw new AppError("invalid_input", `The policy cannot be used: line ${read.problems[0]?.line}: ${read.problems[0]?.what}.`);
    const { canary, unit } = read.policy.spec;
    if (canary === undefined)
      throw new AppError("invalid_input", `${read.policy.metadata.name} has no canary: there is no rollout to simulate.`);
    return simulateDrop(canary, { ...question, unit }, { signal, now: ctx.now, msMax: SIMULATION_MS_MAX });
  }),
});
