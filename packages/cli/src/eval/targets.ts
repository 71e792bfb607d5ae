import { commandTarget, httpTarget, type Target } from "@signalbox/evals";
import { agentTarget } from "./agentTarget.ts";
import type { EvalPlace } from "./evalPlace.ts";
import { recordedTarget } from "./recordedTarget.ts";

/** A target that a run asks. `isTraced`: it writes the root span of a try's trace itself. */
export interface ChosenTarget {
  readonly target: Target;
  readonly isTraced: boolean;
}

/** The target that people mean by a text: `agent`, `agent@<version>`, `recorded:<folder>`, a URL, or else a command of the shell. */
export async function openTarget(text: string, place: EvalPlace, project: string): Promise<ChosenTarget> {
  const recorded = /^recorded:(.+)$/s.exec(text)?.[1];
  if (recorded !== undefined) return { target: await recordedTarget(recorded, place, project), isTraced: true };
  const agent = /^agent(?:@(.+))?$/.exec(text);
  if (agent !== null) return { target: agentTarget(place, project, agent[1]), isTraced: true };
  return { target: /^https?:\/\//.test(text) ? httpTarget(text) : commandTarget(text), isTraced: false };
}
