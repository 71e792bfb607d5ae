import { z } from "zod";
import { canonicalJson } from "../canonicalJson.ts";
import { canonicalHash } from "../sha256.ts";
import { PromptName } from "../tasks/task.ts";

/** A worker says every few seconds that it is there; one that has not for so long is gone. In milliseconds. */
export const WORKER_GONE_AFTER_MS = 20_000;

/**
 * What a worker may be told to do wrong, so that a gate can be seen to find it; "none" is nothing, and a version of its own all the same.
 */
export const PlantedFault = z.enum(["none", "tool", "slow", "dead", "marked"]);
export type PlantedFault = z.infer<typeof PlantedFault>;

/** Text in the message of a session's task that ends it as a dead letter where "marked" is planted, once its tools were called. */
export const FAILS_FOR_GOOD = "(planted: this task fails for good)";

/**
 * What was planted in an agent: a fault, and how long a move of its planner takes beside what
 * it takes by itself, on average (milliseconds; a stand-in for the time that a model takes).
 */
export const Planted = z.object({ fault: PlantedFault.nullable(), planMs: z.number().nonnegative() });
export type Planted = z.infer<typeof Planted>;

/**
 * All that makes an agent answer as it does. `code` is the version of the code; `planner` takes the tasks that name none,
 * `unclear` those that are not clear enough for rules; `model` is asked by a planner that asks one (null: the runtime has
 * none), `prompts` are what it is told, by domain, with 12 hex digits of their content's SHA-256. `understanding` says
 * who tells what messages want: the models by domain (`*` is every other one), none where rules do. `tools` are their
 * names by domain, and the SHA-256 of their terms and descriptions. `promptHashes` are all prompts that the code has, by
 * name. `planted` is there where something was planted. What a newer code says beside these is not read.
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
 * A version of the agent. `hash` is the SHA-256 (hex) of its manifest, `name` its code's version, a
 * `+` and the first eight digits of it. Versions of one `build` differ in who plans, by which model of
 * the same endpoint and which of the code's prompts, and any worker of the build serves each of them.
 */
export type AgentVersion = { name: string; hash: string; build: string; manifest: AgentManifest };

function hashOf(value: unknown): string {
  return canonicalHash(value);
}

/** The version that a manifest is. The same manifest is always the same version. */
export function agentVersionOf(manifest: AgentManifest): AgentVersion {
  const { code, unclear, understanding, tools, promptHashes, planted } = manifest;
  const endpoint = manifest.model && { provider: manifest.model.provider, temperature: manifest.model.temperature };
  const parts = { code, unclear, understanding, tools, promptHashes, endpoint };
  // Left out where it is not: what nothing was planted in is of the build that it always was.
  const build = hashOf(planted === undefined ? parts : { ...parts, planted }).slice(0, 12);
  const hash = hashOf(manifest);
  return { name: `${code}+${hash.slice(0, 8)}`, hash, build, manifest };
}

/** Whether a version is one of those of a code: the code's version alone names all of them. */
export function isOfVersion(name: string, wanted: string): boolean {
  return name === wanted || name.startsWith(`${wanted}+`);
}

/** Something that two versions differ in; `before` or `after` is undefined where there is nothing. */
export type VersionChange = { path: string; before: unknown; after: unknown };

function isBranch(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What is different in `after`, by the path of what changed, in the order of the paths. */
export function diffManifests(before: AgentManifest, after: AgentManifest): VersionChange[] {
  const walk = (one: unknown, other: unknown, path: string): VersionChange[] => {
    if (!isBranch(one) || !isBranch(other))
      return canonicalJson(one ?? null) === canonicalJson(other ?? null) ? [] : [{ path, before: one, after: other }];
    const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
    return keys.flatMap((key) => walk(one[key], other[key], path === "" ? key : `${path}.${key}`));
  };
  return walk(before, after, "");
}
