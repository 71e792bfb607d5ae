import { AppError, GatePolicy, type LiveVerdict } from "@signalbox/model";
import type { GatePlace, JudgedRollout, NewestRollouts, RolloutReader, TrackedRollout } from "../judgedRollout.ts";

/** A policy of three steps: 5, 25 and 50 percent. */
export const SUPPORT_POLICY = GatePolicy.parse({
  apiVersion: "gates/v1",
  kind: "GatePolicy",
  metadata: { name: "support-agent" },
  spec: {
    canary: {
      steps: [
        { setWeight: 5, minUnits: 100 },
        { setWeight: 25, minUnits: 300 },
        { setWeight: 50, minUnits: 1_000 },
      ],
      metrics: [{ name: "task_success", role: "guardrail", kind: "binary", nonInferiorityMargin: 0.05 }],
    },
  },
});

/** The gate's verdict at the first step: hold. */
export function aVerdict(changes: Partial<LiveVerdict> = {}): LiveVerdict {
  return {
    ...{
      kind: "hold",
      grounds: "units_missing",
      reason: "Step 1 needs 40 more units of the candidate.",
      step: 0,
      isLastStep: false,
      blocks: 9,
    },
    ...{ units: { candidate: 60, stable: 1_140 }, stepUnits: { candidate: 60, stable: 1_140 } },
    ...{ eHarm: 0.4, eHarmToRollBack: 20, eSafeToPromote: 20, split: { wanted: 0.05, observed: 0.05, eValue: 0.9, isOk: true } },
    metrics: [
      {
        ...{ name: "task_success", role: "guardrail", units: { candidate: 60, stable: 1_140 }, mean: { candidate: 0.8, stable: 0.8 } },
        ...{ difference: 0, interval: null, margin: 0.05, eHarm: 0.4, eSafe: 3.2, standing: "open" },
      },
    ],
    ...changes,
  };
}

/** The first rollout of `support-agent`, running at its first step. */
export function aRollout(changes: Partial<TrackedRollout> = {}): TrackedRollout {
  return {
    ...{ id: "0199c0de-0000-7000-8000-000000000001", project: "default", gate: "support-agent", policy: SUPPORT_POLICY },
    ...{ stable: "5d4f8", candidate: "7c9b6", phase: "running", step: 0, reason: "The rollout has begun.", ...changes },
  };
}

/** A rollout with the verdict of its last look; current if it is of the rollout's step. */
export const aJudged = (rollout: TrackedRollout, verdict: LiveVerdict | null): JudgedRollout => ({
  ...{ rollout, verdict, isOfNow: verdict?.step === rollout.step, failure: null },
});

/** Rollouts in memory, newest last. */
export class MemoryRollouts implements RolloutReader {
  readonly judged: JudgedRollout[] = [];
  isAway = false;

  /** Replaces all rollouts by this one. */
  set(rollout: Partial<TrackedRollout>, verdict: Partial<LiveVerdict> | null = {}): void {
    this.judged.length = 0;
    this.add(rollout, verdict);
  }

  add(rollout: Partial<TrackedRollout>, verdict: Partial<LiveVerdict> | null = {}): void {
    this.judged.push(aJudged(aRollout(rollout), verdict === null ? null : aVerdict(verdict)));
  }

  async newest({ project, gate }: GatePlace, candidate?: string): Promise<JudgedRollout | null> {
    this.#requireStore();
    const isAsked = ({ rollout }: JudgedRollout): boolean =>
      rollout.project === project && rollout.gate === gate && (candidate === undefined || rollout.candidate === candidate);
    return this.judged.findLast(isAsked) ?? null;
  }

  async byId({ project, gate }: GatePlace, id: string): Promise<JudgedRollout | null> {
    this.#requireStore();
    return this.judged.find(({ rollout }) => rollout.project === project && rollout.gate === gate && rollout.id === id) ?? null;
  }

  async newestOfEach(project: string | null): Promise<NewestRollouts> {
    this.#requireStore();
    const places = new Map<string, JudgedRollout>();
    for (const judged of this.judged)
      if (project === null || judged.rollout.project === project) places.set(`${judged.rollout.project}/${judged.rollout.gate}`, judged);
    return { judged: [...places.values()], unreadable: [] };
  }

  #requireStore(): void {
    if (this.isAway) throw new AppError("upstream_unavailable", "The state store does not answer.");
  }
}
