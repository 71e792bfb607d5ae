import { type AgentVersion, agentVersionOf } from "../versions/agentVersion.ts";

/** A version of an agent without a model; codes of other names are other versions. */
export function aVersion(code: string): AgentVersion {
  return agentVersionOf({
    ...{ code, planner: "rules", unclear: "refuse", model: null, prompts: {}, promptHashes: {} },
    ...{ understanding: { classifier: "local", models: {} }, tools: { names: {}, hash: "t" } },
  });
}
