import { listAgentVersions, type RegisteredVersion, readRouting, registerAgentVersion, requireAgentVersion } from "@signalbox/db/prisma";
import {
  type AgentManifest,
  type AgentVersion,
  AppError,
  agentVersionOf,
  diffManifests,
  AgentManifest as Manifest,
  ProjectName,
  type VersionChange,
} from "@signalbox/model";
import { z } from "zod";
import { EXIT } from "../commandLine/exitCode.ts";
import { textTable } from "../commandLine/textTable.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { parseArguments } from "../projects/parseArguments.ts";
import { openStateStore } from "../projects/stateStore.ts";

const ROWS_MAX = 200;

/** A time to the minute. */
const minute = (iso: string): string => `${iso.slice(0, 16).replace("T", " ")} UTC`;

function versionRow({ name, build, manifest, registeredAt, seenAt }: RegisteredVersion): string[] {
  return [name, build, manifest.planner, manifest.model?.name ?? "none", minute(registeredAt), seenAt === null ? "never" : minute(seenAt)];
}

/** `signalbox version list`. */
export const versionList: Act = async ({ output, env, flags }) => {
  await using store = openStateStore(loadConfig(env, flags));
  const versions = await listAgentVersions(store, ROWS_MAX);
  output.result({ versions }, () =>
    versions.length === 0
      ? "There is no version of the agent yet: a worker registers its own when it starts."
      : textTable([["version", "build", "planner", "model", "registered", "a worker ran as it"], ...versions.map(versionRow)]),
  );
  return EXIT.pass;
};

/** A value for use in a sentence, shortened. */
function said(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

function changesText(before: string, after: string, changes: readonly VersionChange[]): string {
  if (changes.length === 0) return `${before} and ${after} are the same.`;
  const rows = changes.map((change) => [change.path, said(change.before), said(change.after)]);
  return textTable([["what", before, after], ...rows]);
}

/** `signalbox version show <version>`: its manifest, and its differences from a project's stable version. */
export const versionShow: Act<{ project: string }> = async ({ output, env, args: [name = ""], flags }) => {
  const { project } = parseArguments(z.object({ project: ProjectName }), { project: flags.project });
  await using store = openStateStore(loadConfig(env, flags));
  const version = await requireAgentVersion(store, name);
  const stable = (await readRouting(store, project))?.stable ?? null;
  const changes = stable === null ? null : diffManifests((await requireAgentVersion(store, stable)).manifest, version.manifest);
  output.result({ version, stable, changes }, () =>
    [
      textTable([
        ["version", version.name],
        ["hash", version.hash],
        ["build", version.build],
        ["registered", minute(version.registeredAt)],
        ["a worker ran as it", version.seenAt === null ? "never" : minute(version.seenAt)],
      ]),
      JSON.stringify(version.manifest, null, 2),
      ...(stable === null || changes === null ? [`Project ${project} has no stable version.`] : [changesText(stable, name, changes)]),
    ].join("\n\n"),
  );
  return EXIT.pass;
};

/** `signalbox version diff <before> <after>`. */
export const versionDiff: Act = async ({ output, env, args: [before = "", after = ""], flags }) => {
  await using store = openStateStore(loadConfig(env, flags));
  const [one, other] = [await requireAgentVersion(store, before), await requireAgentVersion(store, after)];
  const changes = diffManifests(one.manifest, other.manifest);
  output.result({ before, after, changes, isSameBuild: one.build === other.build }, () => changesText(before, after, changes));
  return EXIT.pass;
};

interface DeriveFlags {
  planner?: string;
  model?: string;
  prompt?: string[];
}

/** The prompts of a derived version: `domain=name@version`, among those that the version's code has. */
function promptsOf({ prompts: before, promptHashes }: AgentManifest, asked: readonly string[]): AgentManifest["prompts"] {
  const changes = asked.map((one) => {
    const [domain = "", name = ""] = one.split("=", 2);
    if (before[domain] === undefined)
      throw new AppError("invalid_input", `${JSON.stringify(one)} is no prompt of a domain.`, {
        hint: `Say it as ${Object.keys(before)[0] ?? "airline"}=support@1. There are ${Object.keys(before).join(", ")}.`,
      });
    const hash = promptHashes[name];
    if (hash === undefined)
      throw new AppError("invalid_input", `The version's code has no prompt ${JSON.stringify(name)}.`, {
        hint: `It has ${Object.keys(promptHashes).sort().join(", ") || "none that it told of"}.`,
      });
    return [domain, { name, hash }] as const;
  });
  return { ...before, ...Object.fromEntries(changes) };
}

/** The derived version. Throws `invalid_input` for one that could serve nothing. */
export function derive(from: AgentVersion, { planner, model, prompt = [] }: DeriveFlags): AgentVersion {
  const { name, manifest } = from;
  if (agentVersionOf(manifest).build !== from.build)
    throw new AppError("invalid_input", `${name} was registered by another Signalbox, and this one does not know all that it is.`, {
      hint: "Derive from a version of this code: `./signalbox version list` shows them.",
    });
  const asksModel = planner === "llm" || (planner === undefined && manifest.planner === "llm");
  if ((model !== undefined || asksModel) && manifest.model === null)
    throw new AppError("invalid_input", `${name} runs without a model, and so do its workers.`, {
      hint: "Start them with SIGNALBOX_LLM_URL and SIGNALBOX_LLM_MODEL.",
    });
  const derived = agentVersionOf(
    parseArguments(Manifest, {
      ...manifest,
      planner: planner ?? manifest.planner,
      model: manifest.model === null || model === undefined ? manifest.model : { ...manifest.model, name: model },
      prompts: promptsOf(manifest, prompt),
    }),
  );
  if (derived.name === name)
    throw new AppError("invalid_input", "That would be the same version.", { hint: "Change the planner, the model or a prompt." });
  return derived;
}

/** `signalbox version derive <version>`: another version of the same build, which every worker of that build serves. */
export const versionDerive: Act<DeriveFlags> = async ({ output, env, args: [name = ""], flags }) => {
  await using store = openStateStore(loadConfig(env, flags));
  const from = await requireAgentVersion(store, name);
  const derived = derive(from, flags);
  await registerAgentVersion(store, derived, { now: new Date(), isServed: false });
  const changes = diffManifests(from.manifest, derived.manifest);
  output.result({ version: derived, changes }, () => changesText(name, derived.name, changes));
  return EXIT.pass;
};
