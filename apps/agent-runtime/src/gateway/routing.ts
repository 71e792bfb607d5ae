import { findAgentVersion, listRoutings, listServedBuilds, type PrismaClient, versionNotFound } from "@signalbox/db/prisma";
import { type AgentManifest, type Assignment, assignVersion, type Routing, WORKER_GONE_AFTER_MS } from "@signalbox/model";
import type { Logger } from "pino";
import { withinMs } from "../domains/withinMs.ts";

/**
 * Routing older than `FRESH_MS` is read anew before use; while it cannot be read, the old one is used up to `BELIEVED_MS` old. In
 * milliseconds.
 */
const FRESH_MS = 1_000;
const BELIEVED_MS = 60_000;

/** The longest time a task waits for the routing to be read anew, in milliseconds. */
const READ_WAIT_MS = 2_000;

/** How many versions a gateway caches; a registered version never changes. */
const KNOWN_MAX = 1_000;

/** The version assigned to a task, with its build and manifest, and whether a worker serves that build. */
export type Assigned = Assignment & { build: string; manifest: AgentManifest; isServed: boolean };

/** The properties of a task that decide its version. */
type Asked = Parameters<typeof assignVersion>[1] & { project: string; version?: string | undefined };

/**
 * The routing of all projects. `assign` returns the version that serves a task (null: any may) and throws `invalid_input` for an unknown
 * one; `isServed` says whether a build has a worker. A task that names its planner is not planned by its version's, and is left out of
 * comparisons.
 */
export type ProjectRouting = {
  assign: (task: Asked, isPlannerNamed?: boolean) => Promise<Assigned | null>;
  isServed: (build: string) => Promise<boolean>;
};

/** All routings and served builds as read at `readMs` (milliseconds since 1970). */
type Board = { readMs: number; routings: ReadonlyMap<string, Routing>; served: ReadonlySet<string> };

async function readBoard(prisma: PrismaClient, readMs: number): Promise<Board> {
  const since = new Date(readMs - WORKER_GONE_AFTER_MS);
  const [routings, builds] = await Promise.all([listRoutings(prisma), listServedBuilds(prisma, since)]);
  return { readMs, routings: new Map(routings.map((routing) => [routing.project, routing])), served: new Set(builds) };
}

/** Looks versions up by name, and caches them. Throws `invalid_input` for an unknown one. */
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
 * The routing of all projects, read anew when a task arrives and the last read is a second old: every gateway follows a change after at
 * most a second. Within that second gateways may differ about the units that the change moves, never about units that had moved before.
 * `nowMs` is milliseconds since 1970.
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
