import { requireAgentVersion } from "@signalbox/db/prisma";
import { commandTarget, httpTarget, type Target } from "@signalbox/evals";
import { AppError, type EvalRunPlan } from "@signalbox/model";
import { agentTarget } from "./agentTarget.ts";
import type { EvalPlace } from "./evalPlace.ts";
import { recordedTarget } from "./recordedTarget.ts";

/** The target of a run. `isTraced`: it writes the root span of a try's trace itself. */
export interface ChosenTarget {
  readonly target: Target;
  readonly isTraced: boolean;
}

/** Whether a target is a URL. */
export const isUrl = (target: string): boolean => /^https?:\/\//.test(target);

/** The headers of a URL target. Throws `invalid_input` for one whose variable is not set. */
function headersOf(names: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(names).map(([header, variable]) => {
      const value = env[variable]?.trim();
      if (value) return [header, value];
      throw new AppError("invalid_input", `The header ${header} is to be what ${variable} says, which is not set.`);
    }),
  );
}

/**
 * Opens the target that a text names: `agent`, `agent@<version>`, `recorded:<folder>`, a URL, or else a shell command. `wasLetIn`: it
 * has answered an earlier part of the run. Throws `not_found` for an unknown version, `invalid_input` for a folder without a recording.
 */
export async function openTarget(
  { target: text, headers = {}, project }: Pick<EvalRunPlan, "target" | "headers" | "project">,
  place: EvalPlace,
  { env, wasLetIn }: { env: NodeJS.ProcessEnv; wasLetIn: boolean },
): Promise<ChosenTarget> {
  const recorded = /^recorded:(.+)$/s.exec(text)?.[1];
  if (recorded !== undefined) return { target: await recordedTarget(recorded, place, project), isTraced: true };
  const agent = /^agent(?:@(.+))?$/.exec(text);
  if (agent !== null) {
    const version = agent[1];
    if (version !== undefined) await requireAgentVersion(place.prisma, version);
    return { target: agentTarget(place, project, version), isTraced: true };
  }
  return { target: isUrl(text) ? httpTarget(text, headersOf(headers, env), wasLetIn) : commandTarget(text), isTraced: false };
}
