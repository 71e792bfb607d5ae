import { canaryOf, type Rollout, type RolloutBlock, type RolloutLook } from "@signalbox/model";
import { advance, startGate } from "../live/gateState.ts";
import { look } from "../live/look.ts";

/**
 * The gate's knowledge at a look: `at` (ISO 8601, UTC), the step of the newest block, the candidate's
 * units by then, the evidence that some guardrail is worse (`eHarm`), and for each metric the
 * evidence that it is worse and that it is within its margin (null where that cannot be shown).
 */
export type EvidencePoint = {
  readonly look: number;
  readonly at: string;
  readonly step: number;
  readonly units: number;
  readonly eHarm: number;
  readonly metrics: readonly { readonly name: string; readonly eHarm: number | null; readonly eSafe: number | null }[];
};

/** The growth of a rollout's evidence, look by look: at most `pointsMax` evenly spaced looks, including the last. */
export function evidenceOver(
  rollout: Rollout,
  blocks: readonly RolloutBlock[],
  looks: readonly RolloutLook[],
  pointsMax: number,
): EvidencePoint[] {
  const policy = canaryOf(rollout);
  const every = Math.max(1, Math.ceil(looks.length / pointsMax));
  const points: EvidencePoint[] = [];
  let state = startGate(policy);
  let step = 0;
  for (const [index, { number, at, blocks: known }] of looks.entries()) {
    for (const { block } of blocks.slice(state.blocks, known)) {
      state = advance(state, block, policy);
      step = Math.max(step, block.step);
    }
    if ((looks.length - 1 - index) % every !== 0) continue;
    const { eHarm, units, metrics } = look(state, policy, { step });
    const figures = metrics.map(({ name, eHarm: harm, eSafe }) => ({ name, eHarm: harm, eSafe }));
    points.push({ look: number, at, step, units: units.candidate, eHarm, metrics: figures });
  }
  return points;
}
