import { readPolicyText, usualMean } from "@signalbox/evals";
import { AppError, policyHash } from "@signalbox/model";
import { z } from "zod";
import { procedure, router } from "../trpc.ts";
import { simulateDrop } from "./simulateDrop.ts";

/** An upper bound: a policy has a few metrics and steps, and this is some hundreds of them. */
const POLICY_CHARS_MAX = 100_000;

/** The time limit of a simulation, for which somebody waits. */
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
   * The faults of a policy, line by line, as in `gate lint`; for a valid one its hash,
   * advice, and the metrics of its live gate, with the default for the stable version's mean.
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
   * How a policy treats a candidate that is worse in one metric, and one that is
   * equal, by simulated rollouts as in `gate simulate`, as many as time allows.
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
