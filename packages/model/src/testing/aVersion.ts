import { type AgentVersion, agentVersionOf } from "../versions/agentVersion.ts";

/** A version of an agent without a model; each `code` gives another version. */
export function aVersion(code: string): AgentVersion {
  return agentVersionOf({
    ...{ code, planner: "rules", unclear: "refuse", model: null, prompts: {}, promptHashes: {} },
    ...{ understanding: { classifier: "local", models: {} }, tools: { names: {}, hash: "t" } },
  });
}
