import { type AgentManifest, AppError, isOfVersion, type ReplayPlan, type TaskRecording } from "@signalbox/model";
import { VERSION } from "../identity.ts";

/** The manifests of known versions, by name. */
export type Manifests = Readonly<Record<string, AgentManifest>>;

/** The manifest of a version known only by name: it decides nothing that a task could notice. */
const UNKNOWN: AgentManifest = {
  ...{ code: VERSION, planner: "rules", unclear: "refuse", model: null, prompts: {}, promptHashes: {} },
  ...{ understanding: { classifier: "local", models: {} }, tools: { names: {}, hash: "" } },
};

/** The manifest of a version; `UNKNOWN` for one known only by name. */
export function manifestOf(manifests: Manifests, version: string): AgentManifest {
  return manifests[version] ?? UNKNOWN;
}

/** Throws `not_found`, naming the nearest known version, if a task was served by an unknown version or is to be replayed against one. */
export function requireVersion({ id, attempts }: Pick<TaskRecording, "id" | "attempts">, { against }: Pick<ReplayPlan, "against">): void {
  const hint = `The nearest that is here is ${VERSION}: --against ${VERSION}`;
  if (against !== null && !isOfVersion(against, VERSION))
    throw new AppError("not_found", `Version ${against} of the agent is not here: its code is another.`, { hint });
  const gone = attempts.find(({ version }) => !isOfVersion(version, VERSION))?.version;
  if (against === null && gone !== undefined)
    throw new AppError("not_found", `Task ${id} was served by version ${gone} of the agent, whose code is not here.`, { hint });
}

/** The version that serves an attempt in a replay: the one to replay against, or the one that served it. */
export function servedBy(version: string, { against }: Pick<ReplayPlan, "against">): string {
  if (against === null) return version;
  return against === VERSION && isOfVersion(version, VERSION) ? version : against;
}
