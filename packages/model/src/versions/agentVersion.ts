import { z } from "zod";
import { canonicalJson } from "../canonicalJson.ts";
import { canonicalHash } from "../sha256.ts";
import { PromptName } from "../tasks/task.ts";

/** A worker without a heartbeat for this long, in milliseconds, is gone; it sends one every few seconds. */
export const WORKER_GONE_AFTER_MS = 20_000;

/** Faults that a worker can be told to make, so that a gate can be shown to find them; "none" has no fault but is a version of its own. */
export const PlantedFault = z.enum(["none", "tool", "slow", "dead", "marked"]);
export type PlantedFault = z.infer<typeof PlantedFault>;

/** A marker in a task's message: where "marked" is planted, the task ends as a dead letter once its tools were called. */
export const FAILS_FOR_GOOD = "(planted: this task fails for good)";

/**
 * Test faults of an agent: a fault, and a mean delay added to each move of
 * its planner (milliseconds), which stands in for the latency of a model.
 */
export const Planted = z.object({ fault: PlantedFault.nullable(), planMs: z.number().nonnegative() });
export type Planted = z.infer<typeof Planted>;

/**
 * Everything that determines an agent's behaviour. `code` is the version of the code; `planner` takes tasks that name
 * none, `unclear` those that are not clear enough for rules; `model` is the one that planners call (null: the runtime
 * has none), `prompts` its prompts by domain, with 12 hex digits of the SHA-256 of their content. `understanding`
 * says how messages are understood: the trained models by domain (`*` is every other domain), none where rules do it.
 * `tools` has their names by domain, and the SHA-256 of their terms and descriptions. `promptHashes` covers all
 * prompts of the code, by name. `planted` is set where a test fault was planted. Fields of newer code are ignored.
 */
export const AgentManifest = z.object({
  code: z.string().min(1),
  planner: z.enum(["rules", "llm", "person"]),
  unclear: z.enum(["refuse", "llm", "person"]),
  model: z.object({ provider: z.string(), name: z.string(), temperature: z.number().nullable() }).nullable(),
  prompts: z.record(z.string(), z.object({ name: PromptName, hash: z.string() })),
  promptHashes: z.record(z.string(), z.string()).default({}),
  understanding: z.object({ classifier: z.enum(["local", "llm"]), models: z.record(z.string(), z.string()) }),
  tools: z.object({ names: z.record(z.string(), z.array(z.string())), hash: z.string() }),
  planted: Planted.optional(),
});
export type AgentManifest = z.infer<typeof AgentManifest>;

/**
 * A version of the agent. `hash` is the SHA-256 (hex) of its manifest; `name` is its code's version, a `+`
 * and the first eight digits of `hash`. Versions of one `build` differ in the planner, the model at the
 * same endpoint, and the choice among the code's prompts; any worker of the build serves each of them.
 */
export type AgentVersion = { name: string; hash: string; build: string; manifest: AgentManifest };

function hashOf(value: unknown): string {
  return canonicalHash(value);
}

/** The version of a manifest. Equal manifests are always the same version. */
export function agentVersionOf(manifest: AgentManifest): AgentVersion {
  const { code, unclear, understanding, tools, promptHashes, planted } = manifest;
  const endpoint = manifest.model && { provider: manifest.model.provider, temperature: manifest.model.temperature };
  const parts = { code, unclear, understanding, tools, promptHashes, endpoint };
  // Without a planted fault the field is left out, which keeps the build id of versions from before it existed.
  const build = hashOf(planted === undefined ? parts : { ...parts, planted }).slice(0, 12);
  const hash = hashOf(manifest);
  return { name: `${code}+${hash.slice(0, 8)}`, hash, build, manifest };
}

/** Whether a version is `wanted`, or one of its builds where `wanted` is a code version alone. */
export function isOfVersion(name: string, wanted: string): boolean {
  return name === wanted || name.startsWith(`${wanted}+`);
}

/** A difference between two versions; `before` or `after` is undefined on the side that lacks the path. */
export type VersionChange = { path: string; before: unknown; after: unknown };

function isBranch(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The differences in `after`, by the path of each change, in the order of the paths. */
export function diffManifests(before: AgentManifest, after: AgentManifest): VersionChange[] {
  const walk = (one: unknown, other: unknown, path: string): VersionChange[] => {
    if (!isBranch(one) || !isBranch(other))
      return canonicalJson(one ?? null) === canonicalJson(other ?? null) ? [] : [{ path, before: one, after: other }];
    const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
    return keys.flatMap((key) => walk(one[key], other[key], path === "" ? key : `${path}.${key}`));
  };
  return walk(before, after, "");
}
