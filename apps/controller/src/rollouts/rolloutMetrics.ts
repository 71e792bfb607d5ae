import { isUnderWay, type Rollout, weightOf } from "@signalbox/model";
import { Gauge, type Registry } from "prom-client";
import type { Looked } from "./lookAtRollout.ts";

const DECISIONS = { promote: 1, hold: 0, rollback: -1 } as const;

/** What monitoring is told of rollouts: of each look, and how one ended. Each project's latest stays to be read until another begins. */
export type RolloutMetrics = { tell: (looked: Looked) => void; end: (rollout: Rollout) => void };

/** Opens the gauges of rollouts in a registry. */
export function rolloutMetrics(registry: Registry): RolloutMetrics {
  const labelNames = ["gate", "project", "candidate"] as const;
  const registers = [registry];
  const decision = new Gauge({
    ...{
      name: "signalbox_rollout_decision",
      help: "What the gate says of a rollout: 1 promote, 0 hold, -1 roll back.",
      labelNames,
      registers,
    },
  });
  const eValue = new Gauge({
    ...{ name: "signalbox_rollout_e_value", help: "The evidence that a rollout's candidate is worse, by metric.", registers },
    labelNames: [...labelNames, "metric"] as const,
  });
  const wanted = new Gauge({
    ...{
      name: "signalbox_rollout_weight_wanted",
      help: "The percent of units that a rollout's candidate should have.",
      labelNames,
      registers,
    },
  });
  const observed = new Gauge({
    ...{
      name: "signalbox_rollout_weight_observed",
      help: "The percent of units of its step that a rollout's candidate has.",
      labelNames,
      registers,
    },
  });
  const told = new Map<string, { rollout: Rollout; metrics: readonly string[] }>();
  const forget = ({ rollout, metrics }: { rollout: Rollout; metrics: readonly string[] }): void => {
    const labels = labelsOf(rollout);
    for (const gauge of [decision, wanted, observed]) gauge.remove(labels);
    for (const metric of metrics) eValue.remove({ ...labels, metric });
  };
  return {
    tell: ({ rollout, verdict, units }) => {
      const before = told.get(rollout.project);
      if (before !== undefined && before.rollout.id !== rollout.id) forget(before);
      const labels = labelsOf(rollout);
      decision.set(labels, DECISIONS[verdict.kind]);
      wanted.set(labels, weightOf(rollout));
      if (units.all > 0) observed.set(labels, (100 * units.candidate) / units.all);
      const judged = verdict.metrics.filter(({ eHarm }) => eHarm !== null);
      for (const { name, eHarm } of judged) eValue.set({ ...labels, metric: name }, eHarm ?? 0);
      told.set(rollout.project, { rollout, metrics: judged.map(({ name }) => name) });
    },
    end: (rollout) => {
      if (isUnderWay(rollout) || told.get(rollout.project)?.rollout.id !== rollout.id) return;
      decision.set(labelsOf(rollout), rollout.phase === "promoted" ? 1 : -1);
      wanted.set(labelsOf(rollout), weightOf(rollout));
    },
  };
}

const labelsOf = ({ gate, project, candidate }: Rollout) => ({ gate, project, candidate });
