import {
  type Admission,
  countVersionedTasks,
  findAdmissions,
  findTask,
  type GroupCommitLimits,
  groupCommit,
  listKnownKeys,
  type NewTask,
  type PrismaClient,
  type RateCounter,
  requireTasks,
  touchApiKeys,
} from "@signalbox/db/prisma";
import { authenticator, KeyRing, type KeySource, type Listener, type ListenerOptions, openListener, parseBody } from "@signalbox/listener";
import { AppError, newId, TaskRequest } from "@signalbox/model";
import { Counter, Gauge, Registry } from "prom-client";
import { z } from "zod";
import type { Clock } from "../clock.ts";
import type { TaskQueue } from "../queue/taskQueue.ts";
import { newTaskOf, openAdmission } from "./admission.ts";
import { countBodies } from "./bodyBytes.ts";
import { bodyIn, namesPlanner, openEntrance, requireReach, TaskPlace, taskIn } from "./entrance.ts";
import { openEventRoutes } from "./events/eventRoutes.ts";
import { ifRoom } from "./ifRoom.ts";
import { KEPT_MS, keptFor } from "./keptFor.ts";
import { measureHeldProjects, withWaitsFor } from "./limits/heldProjects.ts";
import { type GatewayLimits, openLimits } from "./limits/limits.ts";
import { sharedAllowance } from "./limits/sharedAllowance.ts";
import { openRouting } from "./routing.ts";
import { scaleOf } from "./scale.ts";
import { certificateOf, type SecureParts } from "./secure.ts";

/** The largest request body, in bytes: many times a recorded conversation with its system prompt. */
const BODY_MAX_BYTES = 8 * 1024 * 1024;

/**
 * A request that is refused for lack of room may have been admitted before. Such requests are looked up in groups, and this many may wait.
 */
const LOOKING_UP: GroupCommitLimits = { itemsMax: 250, bytesMax: 1, handoversMax: 1 };
const LOOKED_UP_MAX = 1_000;

/** A sender's own name for a request, so that it may be sent again. */
const IdempotencyKey = z.string().min(1).max(255).optional();

function conflictOf({ id, idempotencyKey }: NewTask, { task }: Admission): AppError {
  const name = task.id === id ? `Task ${id}` : `The task of Idempotency-Key ${idempotencyKey}`;
  return new AppError("conflict", `${name} is there already, with another request.`, { hint: "Send a new id or key, or none." });
}

const keySourceOf = (prisma: PrismaClient): KeySource => ({
  listKnownKeys: () => listKnownKeys(prisma),
  touchApiKeys: (ids, usedAt) => touchApiKeys(prisma, ids, usedAt),
});

/**
 * Dependencies and limits of a gateway. Pages on `originPorts` may call it; `workerTasksMax` is how many tasks a worker takes at a time,
 * `runningMax` how many of one project run on all workers together (null: no limit). A gateway that shares its port with others has an
 * `ownPort` on loopback, where its health and its counters are its own.
 */
export type GatewayParts = Pick<ListenerOptions, "log" | "port" | "address" | "isPortShared" | "drainMs"> & {
  prisma: PrismaClient;
  queue: TaskQueue;
  clock: Clock;
  originPorts: readonly number[];
  isKeyRequired: boolean;
  rateCounter: RateCounter;
  isTelemetryOn: boolean;
  limits: GatewayLimits;
  databaseUrl: string;
  streamsMax: number;
  projectStreamsMax: number;
  workerTasksMax: number;
  runningMax: number | null;
  secure: SecureParts | null;
  ownPort?: number | undefined;
};

/**
 * Opens the agent gateway: `POST /v1/tasks` admits a task, `GET /v1/tasks/{id}` returns it, and `GET /v1/tasks/{id}/events` streams its
 * progress.
 */
export async function openGateway({
  prisma,
  queue,
  clock,
  log,
  originPorts,
  isKeyRequired,
  rateCounter,
  isTelemetryOn,
  limits,
  databaseUrl,
  streamsMax,
  projectStreamsMax,
  workerTasksMax,
  runningMax,
  secure,
  ownPort,
  ...listening
}: GatewayParts): Promise<Listener> {
  const metrics = new Registry();
  const admissions = new Counter({
    name: "signalbox_gateway_admissions_total",
    help: "Task requests by outcome.",
    labelNames: ["outcome"],
    registers: [metrics],
  });

  const admit = openAdmission({ prisma, queue, log, isTelemetryOn });
  const lookUp = groupCommit(LOOKING_UP, (tasks: NewTask[]) => findAdmissions(prisma, tasks));
  const findKnown = ifRoom(LOOKED_UP_MAX, (task: NewTask) => lookUp(task, 0));
  const nowMs = (): number => clock.nowUs() / 1_000;
  const keys = new KeyRing(keySourceOf(prisma), log, nowMs);
  const allowance = sharedAllowance(rateCounter, nowMs, log);
  const entrance = openEntrance(authenticator({ keys, isKeyRequired, allowance, clock: nowMs }), isKeyRequired);
  const { onRequest, grantOf, requireOperator } = entrance;
  const events = openEventRoutes({ prisma, databaseUrl, streamsMax, projectStreamsMax, metrics });
  const routing = openRouting(prisma, nowMs, log);
  const takePlace = openLimits(prisma, limits, allowance, nowMs, log);

  /** The versions that tasks wait for, and whether there are workers of their builds. */
  const waitingVersions = keptFor(KEPT_MS, nowMs, async () => {
    const versions = await countVersionedTasks(prisma);
    return Promise.all(versions.map(async (version) => ({ ...version, isServed: await routing.isServed(version.build) })));
  });
  const scaleNow = keptFor(KEPT_MS, nowMs, async () => {
    const versions = await waitingVersions();
    const served = versions.filter(({ isServed }) => isServed).map(({ build }) => build);
    const unserved = versions.flatMap(({ isServed, ...version }) => (isServed ? [] : [version]));
    const waiting = unserved.reduce((sum, version) => sum + version.waiting, 0);
    return { ...scaleOf(await queue.depth(served), waiting, workerTasksMax), unserved };
  });
  const unserved = new Gauge({
    name: "signalbox_gateway_unserved_tasks",
    help: "Tasks that wait for a version of which no worker is there.",
    labelNames: ["version"],
    registers: [metrics],
    collect: async () => {
      unserved.reset();
      // While the store is away the other metrics are still reported.
      const versions = await waitingVersions().catch(() => []);
      for (const { version, waiting, isServed } of versions) if (!isServed) unserved.set({ version }, waiting);
    },
  });

  if (runningMax !== null) measureHeldProjects(prisma, runningMax, nowMs, metrics);

  /**
   * Admits a task if there is room for it. A request that was admitted before needs no room: it is answered even without any, if it can be
   * found.
   */
  async function admitWithin(task: NewTask, bytes: number, isNamed: boolean): Promise<Admission> {
    try {
      const place = await takePlace(task.request);
      const admission = await admit(task, bytes).catch((error: unknown) => {
        place.giveBack();
        throw error;
      });
      if (admission.kind === "admitted") place.confirm();
      else place.giveBack();
      return admission;
    } catch (error) {
      if (!isNamed || !(error instanceof AppError) || error.code !== "overloaded") throw error;
      const known = await findKnown(task);
      if (known === null) throw error;
      return known;
    }
  }

  const closeParts = async (): Promise<void> => {
    await events.close();
    await keys.end();
  };

  const health: Omit<ListenerOptions, "port"> = {
    originPorts,
    bodyMaxBytes: BODY_MAX_BYTES,
    log,
    metrics,
    beforeMetrics: requireOperator,
    isReady: async () => {
      await requireTasks(prisma);
      return true;
    },
  };
  const options: typeof health = {
    ...health,
    routes: (app) => {
      const bytesOf = countBodies(app);

      app.post("/v1/tasks", { onRequest }, async (request, reply) => {
        const { body, headers } = request;
        const grant = grantOf(request);
        const idempotencyKey = parseBody(IdempotencyKey, headers["idempotency-key"]) ?? null;
        const asked = parseBody(TaskRequest, bodyIn(grant, body));
        requireReach(grant, asked);
        const { id = newId() } = asked;
        const isPlannerNamed = namesPlanner(body);
        const assigned = await routing.assign({ ...asked, id }, isPlannerNamed);
        const task = newTaskOf(clock, { ...asked, id }, idempotencyKey, { assigned, isPlannerNamed });
        const isNamed = asked.id !== undefined || idempotencyKey !== null;
        const admission = await admitWithin(task, bytesOf(request), isNamed);
        admissions.inc({ outcome: admission.kind });
        if (admission.kind === "conflict") throw conflictOf(task, admission);
        return reply.status(admission.kind === "admitted" ? 201 : 200).send(admission.task);
      });

      app.get("/scale", async (request) => {
        await requireOperator(request);
        return scaleNow();
      });

      events.serve(app, entrance);

      app.get("/v1/tasks/:id", { onRequest }, async (request) => {
        const { id } = parseBody(TaskPlace, request.params);
        return withWaitsFor(prisma, runningMax, taskIn(grantOf(request), id, await findTask(prisma, id)));
      });
    },
  };
  const listeners: Listener[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(listeners.map((listener) => listener.close()));
    await closeParts();
  };
  try {
    // Where there is TLS, remote clients use it, so the plain listener stays on loopback.
    const plain = await openListener({ ...options, ...listening, ...(secure === null ? {} : { address: undefined }) });
    listeners.push(plain);
    if (secure !== null) {
      const certificate = await certificateOf(secure, nowMs(), log);
      listeners.push(await openListener({ ...options, ...listening, port: secure.port, certificate }));
    }
    if (ownPort !== undefined) listeners.push(await openListener({ ...health, port: ownPort, drainMs: listening.drainMs ?? 0 }));
    return { ...plain, close };
  } catch (error) {
    await close();
    throw error;
  }
}
