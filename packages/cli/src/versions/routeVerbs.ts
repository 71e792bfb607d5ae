import { userInfo } from "node:os";
import {
  changeRouting,
  clearRouting,
  type Exposure,
  listExposures,
  listRoutingChanges,
  listServedBuilds,
  type PrismaClient,
  type RecordedChange,
  type RecordedRouting,
  readRouting,
  requireAgentVersion,
} from "@signalbox/db/prisma";
import { AppError, diffManifests, ProjectName, type Routing, RoutingWeight, WORKER_GONE_AFTER_MS } from "@signalbox/model";
import { z } from "zod";
import { EXIT } from "../commandLine/exitCode.ts";
import { textTable } from "../commandLine/textTable.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { parseArguments } from "../projects/parseArguments.ts";
import { openStateStore } from "../projects/stateStore.ts";

/** The flag of all routing verbs. */
interface ProjectFlag {
  project: string;
}

const DAY_MS = 86_400_000;

/** The number of changes that are shown. */
const HISTORY_ROWS_MAX = 10;

const projectOf = ({ project }: ProjectFlag): string => parseArguments(z.object({ project: ProjectName }), { project }).project;

function routingText({ project, stable, candidate, weight, changedAt, changedBy }: RecordedRouting): string {
  const shares =
    candidate === null
      ? `${stable} serves project ${project}.`
      : `${stable} serves project ${project}, and ${candidate} ${weight} % of its sessions.`;
  return `${shares} Set by ${changedBy}, ${changedAt.slice(0, 16).replace("T", " ")} UTC.`;
}

/** The versions of a routing whose builds have no worker now. */
async function unservedOf(store: PrismaClient, { stable, candidate, weight }: Routing): Promise<string[]> {
  const builds = await listServedBuilds(store, new Date(Date.now() - WORKER_GONE_AFTER_MS));
  const names = candidate === null || weight === 0 ? [stable] : [stable, candidate];
  const versions = await Promise.all(names.map((name) => requireAgentVersion(store, name)));
  return versions.filter(({ build }) => !builds.includes(build)).map(({ name }) => name);
}

const unservedText = (unserved: readonly string[]): string[] =>
  unserved.map((name) => `No worker serves ${name} now: its tasks wait until one of its build is started.`);

function changeText({ changedAt, actor, reason, after }: RecordedChange): string[] {
  const to = after === null ? "any version" : `${after.stable}${after.candidate === null ? "" : `, ${after.weight} % ${after.candidate}`}`;
  return [`${changedAt.slice(0, 16).replace("T", " ")} UTC`, actor, to, reason ?? ""];
}

function exposuresText(exposures: readonly Exposure[]): string {
  if (exposures.length === 0) return "No task of the last day was given a version.";
  const rows = exposures.map(({ version, variant, units, tasks, queued }) => [version, variant, ...[units, tasks, queued].map(String)]);
  return textTable([["version", "as", "units", "tasks", "waiting"], ...rows]);
}

/**
 * `signalbox route show`: the versions that serve a project, the candidate's differences,
 * versions without a worker, the assignments of the last day, and the last changes.
 */
export const routeShow: Act<ProjectFlag> = async ({ output, env, flags }) => {
  const project = projectOf(flags);
  await using store = openStateStore(loadConfig(env, flags));
  const routing = await readRouting(store, project);
  const manifestOf = async (name: string) => (await requireAgentVersion(store, name)).manifest;
  const changes =
    routing === null || routing.candidate === null
      ? []
      : diffManifests(await manifestOf(routing.stable), await manifestOf(routing.candidate));
  const exposures = await listExposures(store, project, new Date(Date.now() - DAY_MS));
  const unserved = routing === null ? [] : await unservedOf(store, routing);
  const history = await listRoutingChanges(store, project, HISTORY_ROWS_MAX);
  output.result({ routing, changes, exposures, unserved, history }, () =>
    [
      routing === null ? `Any version serves project ${project}: it has no routing.` : routingText(routing),
      ...(changes.length === 0 ? [] : [`The candidate differs in ${changes.map(({ path }) => path).join(", ")}.`]),
      ...unservedText(unserved),
      exposuresText(exposures),
      ...(history.length === 0 ? [] : [textTable([["changed", "by", "to", "why"], ...history.map(changeText)])]),
    ].join("\n\n"),
  );
  return EXIT.pass;
};

interface SetFlags extends ProjectFlag {
  stable?: string;
  candidate?: string;
  withoutCandidate?: boolean;
  weight?: number;
  reason?: string;
}

const actOf = ({ reason }: { reason?: string }) => ({ actor: userInfo().username, now: new Date(), reason });

/** `signalbox route set`. */
export const routeSet: Act<SetFlags> = async ({ output, env, flags }) => {
  const project = projectOf(flags);
  const { stable, candidate, withoutCandidate = false } = flags;
  const { weight } = parseArguments(z.object({ weight: RoutingWeight.optional() }), { weight: flags.weight });
  if (withoutCandidate && candidate !== undefined)
    throw new AppError("invalid_input", "--candidate and --without-candidate say opposite things.");
  const change = {
    ...(stable === undefined ? {} : { stable }),
    ...(withoutCandidate ? { candidate: null } : candidate === undefined ? {} : { candidate }),
    ...(weight === undefined ? {} : { weight }),
  };
  if (Object.keys(change).length === 0)
    throw new AppError("invalid_input", "Nothing is to be changed.", { hint: "Give --stable, --candidate or --weight." });
  await using store = openStateStore(loadConfig(env, flags));
  const routing = await changeRouting(store, project, change, actOf(flags));
  const unserved = await unservedOf(store, routing);
  output.result({ routing, unserved }, () => [routingText(routing), ...unservedText(unserved)].join("\n"));
  return EXIT.pass;
};

/** `signalbox route clear`. */
export const routeClear: Act<ProjectFlag & { reason?: string }> = async ({ output, env, flags }) => {
  const project = projectOf(flags);
  await using store = openStateStore(loadConfig(env, flags));
  await clearRouting(store, project, actOf(flags));
  output.result(
    { project, routing: null },
    () => `Any version serves project ${project} from now on; tasks that have their version keep it.`,
  );
  return EXIT.pass;
};
