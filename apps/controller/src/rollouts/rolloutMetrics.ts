import type { RolloutName } from "@signalbox/db/prisma";
import { isUnderWay, type Rollout, weightOf } from "@signalbox/model";
import { Gauge, type Registry } from "prom-client";
import type { Looked } from "./lookAtRollout.ts";

const DECISIONS = { promote: 1, hold: 0, rollback: -1 } as const;

/**
 * Metrics of rollouts: each look, failed looks since the last successful one, and how a rollout ended. The end of each project's latest
 * rollout stays visible until another begins; its looks disappear once it is over, and a deleted rollout disappears altogether.
 */
export type RolloutMetrics = {
  tell: (looked: Looked) => void;
  fail: (rollout: RolloutName, times: number) => void;
  end: (rollout: Rollout) => void;
  forget: (rollout: RolloutName) => void;
};

/** Registers the gauges of rollouts. `nowMs` returns milliseconds since 1970. */
export function rolloutMetrics(registry: Registry, nowMs: () => number = Date.now): RolloutMetrics {
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
  const failing = new Gauge({
    ...{
      name: "signalbox_rollout_looks_failing",
      help: "How many looks at a rollout have failed one after another: while it is not 0 its gate decides nothing but that a step's time is over.",
      labelNames,
      registers,
    },
  });
  const lookedAt = new Gauge({
    ...{
      name: "signalbox_rollout_looked_timestamp_seconds",
      help: "When a rollout was looked at last by this controller, in seconds since 1970.",
      labelNames,
      registers,
    },
  });
  const told = new Map<string, { rollout: RolloutName; metrics: readonly string[] }>();
  const isTold = ({ project, id }: Pick<RolloutName, "project" | "id">): boolean => told.get(project)?.rollout.id === id;
  const forgetProject = (project: string): void => {
    const before = told.get(project);
    if (before === undefined) return;
    const { rollout, metrics } = before;
    const labels = labelsOf(rollout);
    for (const gauge of [decision, wanted, observed, failing, lookedAt]) gauge.remove(labels);
    for (const metric of metrics) eValue.remove({ ...labels, metric });
    told.delete(project);
  };
  const begin = (rollout: RolloutName): void => {
    if (isTold(rollout)) return;
    forgetProject(rollout.project);
    told.set(rollout.project, { rollout, metrics: [] });
  };
  return {
    tell: ({ rollout, verdict, units }) => {
      begin(rollout);
      const labels = labelsOf(rollout);
      failing.set(labels, 0);
      lookedAt.set(labels, Math.floor(nowMs() / 1_000));
      decision.set(labels, DECISIONS[verdict.kind]);
      wanted.set(labels, weightOf(rollout));
      if (units.all > 0) observed.set(labels, (100 * units.candidate) / units.all);
      const judged = verdict.metrics.filter(({ eHarm }) => eHarm !== null);
      for (const { name, eHarm } of judged) eValue.set({ ...labels, metric: name }, eHarm ?? 0);
      told.set(rollout.project, { rollout, metrics: judged.map(({ name }) => name) });
    },
    fail: (rollout, times) => {
      begin(rollout);
      failing.set(labelsOf(rollout), times);
    },
    end: (rollout) => {
      if (isUnderWay(rollout) || !isTold(rollout)) return;
      for (const gauge of [failing, lookedAt]) gauge.remove(labelsOf(rollout));
      decision.set(labelsOf(rollout), rollout.phase === "promoted" ? 1 : -1);
      wanted.set(labelsOf(rollout), weightOf(rollout));
    },
    forget: (rollout) => {
      if (isTold(rollout)) forgetProject(rollout.project);
    },
  };
}

const labelsOf = ({ gate, project, candidate }: RolloutName) => ({ gate, project, candidate });
