import { findAgentVersion, listRoutings, listServedBuilds, type PrismaClient, versionNotFound } from "@signalbox/db/prisma";
import { type AgentManifest, type Assignment, assignVersion, type Routing, WORKER_GONE_AFTER_MS } from "@signalbox/model";
import type { Logger } from "pino";
import { withinMs } from "../domains/withinMs.ts";

/** An older routing is read anew before it is followed; while it cannot be read, it is followed for so long. In milliseconds. */
const FRESH_MS = 1_000;
const BELIEVED_MS = 60_000;

/** How long a task waits for the routing to be read anew. */
const READ_WAIT_MS = 2_000;

/** How many versions a gateway keeps in mind; what a version is never changes. */
const KNOWN_MAX = 1_000;

/** Which version serves a task, what it is, and whether there is a worker that can. */
export type Assigned = Assignment & { build: string; manifest: AgentManifest; isServed: boolean };

/** What of a task decides its version. */
type Asked = Parameters<typeof assignVersion>[1] & { project: string; version?: string | undefined };

/**
 * The routing of all projects: `assign` says which version serves a task (null: any may), `isServed`
 * whether a build has a worker. A task that says itself who plans it does not get what its version would do
 * with it, and is compared with no other. `assign` throws `invalid_input` for a version that is not there.
 */
export type ProjectRouting = {
  assign: (task: Asked, isPlannerNamed?: boolean) => Promise<Assigned | null>;
  isServed: (build: string) => Promise<boolean>;
};

/** What holds at a moment. */
type Board = { readMs: number; routings: ReadonlyMap<string, Routing>; served: ReadonlySet<string> };

async function readBoard(prisma: PrismaClient, readMs: number): Promise<Board> {
  const since = new Date(readMs - WORKER_GONE_AFTER_MS);
  const [routings, builds] = await Promise.all([listRoutings(prisma), listServedBuilds(prisma, since)]);
  return { readMs, routings: new Map(routings.map((routing) => [routing.project, routing])), served: new Set(builds) };
}

/** Finds versions by their name, each of them once. Throws `invalid_input` for one that is not there. */
function openVersions(prisma: PrismaClient): (name: string) => Promise<Pick<Assigned, "build" | "manifest">> {
  const known = new Map<string, Pick<Assigned, "build" | "manifest">>();
  return async (name) => {
    const version = known.get(name) ?? (await findAgentVersion(prisma, name));
    if (version === undefined) throw await versionNotFound(prisma, "invalid_input", name);
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(name, version);
    return version;
  };
}

/**
 * The routing of all projects, read anew when a task comes and what is known is a second old: a
 * change is followed everywhere a second later. Within that second gateways differ about which
 * units have moved, never about one that had moved before. `nowMs` is milliseconds since 1970.
 */
export function openRouting(prisma: PrismaClient, nowMs: () => number, log: Logger): ProjectRouting {
  const versionOf = openVersions(prisma);
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

  async function current(): Promise<Board> {
    const last = board;
    if (last === null || nowMs() - last.readMs >= BELIEVED_MS) return read();
    if (nowMs() - last.readMs < FRESH_MS) return last;
    try {
      const fresh = await withinMs(READ_WAIT_MS, read());
      if (fresh !== "too late") return fresh;
      log.warn("the routing is not read in time; what it was holds");
    } catch (error) {
      log.warn({ err: error }, "the routing could not be read; what it was holds");
    }
    return last;
  }

  return {
    assign: async (task, isPlannerNamed = false) => {
      const { routings, served } = await current();
      const routing = routings.get(task.project);
      const named = task.version;
      if (named === undefined && routing === undefined) return null;
      const drawn = named === undefined && routing !== undefined ? assignVersion(routing, task) : null;
      const assignment: Assignment =
        drawn === null || isPlannerNamed
          ? { version: drawn?.version ?? named ?? "", variant: "named", bucket: null, unit: null, weight: null }
          : drawn;
      const { build, manifest } = await versionOf(assignment.version);
      return { ...assignment, build, manifest, isServed: served.has(build) };
    },
    isServed: async (build) => (await current()).served.has(build),
  };
}
