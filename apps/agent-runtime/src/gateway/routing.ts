import { listAgentVersions, listRoutings, type PrismaClient, type RegisteredVersion, versionNotFound } from "@signalbox/db/prisma";
import { type AgentManifest, type Assignment, assignVersion, type Routing, type TaskRequest } from "@signalbox/model";
import type { Logger } from "pino";
import { GONE_AFTER_MS } from "../versions/registration.ts";

/** An older routing is read anew while it still holds, and one that nobody could read for so long is not believed any more. In milliseconds. */
const FRESH_MS = 1_000;
const BELIEVED_MS = 60_000;

/** A version that is not known may just have been registered. */
const ASK_AGAIN_MS = 100;

/** How many versions can be routed to. */
const VERSIONS_MAX = 1_000;

/** Which version serves a task, what it is, and whether there is a worker that can. */
export type Assigned = Assignment & { build: string; manifest: AgentManifest; isServed: boolean };

/** Assigns a task; null where any version may serve it. Throws `invalid_input` for a version that is not there. */
export type Assign = (task: TaskRequest & { id: string }) => Assigned | null;

/** The routing of all projects: `assignFor` gives what assigns a task that may name a version, `isServed` tells whether a build has a worker. */
export type ProjectRouting = { assignFor: (named?: string) => Promise<Assign>; isServed: (build: string) => Promise<boolean> };

/** What holds at a moment. */
type Board = {
  readMs: number;
  routings: ReadonlyMap<string, Routing>;
  versions: ReadonlyMap<string, RegisteredVersion>;
  served: ReadonlySet<string>;
};

async function readBoard(prisma: PrismaClient, readMs: number): Promise<Board> {
  const [routings, versions] = await Promise.all([listRoutings(prisma), listAgentVersions(prisma, VERSIONS_MAX)]);
  const alive = versions.filter(({ seenAt }) => seenAt !== null && readMs - Date.parse(seenAt) < GONE_AFTER_MS);
  return {
    readMs,
    routings: new Map(routings.map((routing) => [routing.project, routing])),
    versions: new Map(versions.map((version) => [version.name, version])),
    served: new Set(alive.map(({ build }) => build)),
  };
}

function assignOn({ routings, versions, served }: Board, task: Parameters<Assign>[0]): Assigned | null {
  const routing = routings.get(task.project);
  const named = task.version;
  if (named === undefined && routing === undefined) return null;
  const assignment: Assignment =
    named === undefined && routing !== undefined
      ? assignVersion(routing, task)
      : { version: named ?? "", variant: "named", bucket: null, unit: null };
  const version = versions.get(assignment.version);
  if (version === undefined) throw versionNotFound("invalid_input", assignment.version, [...versions.keys()]);
  const { build, manifest } = version;
  return { ...assignment, build, manifest, isServed: served.has(build) };
}

/**
 * The routing of all projects, read from time to time as tasks come in. Gateways that learn of a new weight at different moments differ for that moment about
 * which units have moved, never about one that had moved before. `nowMs` is milliseconds since 1970.
 */
export function openRouting(prisma: PrismaClient, nowMs: () => number, log: Logger): ProjectRouting {
  let board: Board | null = null;
  let reading: Promise<Board> | null = null;

  function read(): Promise<Board> {
    reading ??= readBoard(prisma, nowMs())
      .then((fresh) => {
        board = fresh;
        return fresh;
      })
      .finally(() => {
        reading = null;
      });
    return reading;
  }

  async function current(named: string | undefined): Promise<Board> {
    if (board === null) return read();
    const ageMs = nowMs() - board.readMs;
    const isMissing = named !== undefined && !board.versions.has(named);
    if (ageMs >= BELIEVED_MS || (isMissing && ageMs >= ASK_AGAIN_MS)) return read();
    if (ageMs >= FRESH_MS) read().catch((error: unknown) => log.warn({ err: error }, "the routing could not be read; what it was holds"));
    return board;
  }

  return {
    assignFor: async (named) => {
      const now = await current(named);
      return (task) => assignOn(now, task);
    },
    isServed: async (build) => (await current(undefined)).served.has(build),
  };
}
