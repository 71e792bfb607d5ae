import type { EventEmitter } from "node:events";
import { Readable } from "node:stream";
import { findTask, followTask, groupCommit, listenForProgress, type PrismaClient, readDrafts, readProgress } from "@signalbox/db/prisma";
import { parseBody } from "@signalbox/listener";
import { AppError, type Task } from "@signalbox/model";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Gauge, type Registry } from "prom-client";
import { type Entrance, TaskPlace, taskIn } from "../entrance.ts";
import { type StreamStart, streamStart } from "./eventText.ts";
import { type Follower, openFollowers } from "./followers.ts";
import { hasEnded, type ReadDraft, taskEvents } from "./taskEvents.ts";

/** A connection whose reader takes no data for this long is closed, in milliseconds; the reader may reconnect and resume. */
const STALLED_MS = 60_000;

/** Retry delay for a refused reader, in milliseconds. Nobody knows when a stream will end, and asking again costs little. */
const STREAM_FREE_AFTER_MS = 5_000;

/** How long a task stays followed after a reader asked for it, in milliseconds; readers renew long before. */
const FOLLOWED_MS = 60_000;

/** Drafts grow a few times a second: one query reads those of all streams together. */
const DRAFT_READING = { itemsMax: 256, bytesMax: 1, handoversMax: 1 };

/**
 * Dependencies of the event routes. Progress notifications come from `databaseUrl`; `streamsMax` limits the open streams of this process,
 * `projectStreamsMax` those of one project.
 */
export type EventParts = {
  prisma: PrismaClient;
  databaseUrl: string;
  streamsMax: number;
  projectStreamsMax: number;
  metrics: Registry;
};

/** Serves `GET /v1/tasks/{id}/events`. Streams end when the listener closes, and their readers are told to reconnect. */
export function openEventRoutes({ prisma, databaseUrl, streamsMax, projectStreamsMax, metrics }: EventParts) {
  const followers = openFollowers();
  const openByProject = new Map<string, number>();
  const draftBehind = groupCommit(DRAFT_READING, (asked: Parameters<ReadDraft>[0][]) => readDrafts(prisma, asked));
  const follow = (id: string): Promise<void> => followTask(prisma, id, FOLLOWED_MS);
  const listening = listenForProgress(databaseUrl, followers.tell);
  const open: Gauge = new Gauge({
    name: "signalbox_gateway_streams",
    help: "Open streams of task events.",
    registers: [metrics],
    collect: () => open.set(followers.count()),
  });

  /** Whether a reader has already received everything that its task will produce. */
  async function isOver(id: string, { place, hasEnded: hasSeenEnd }: StreamStart): Promise<boolean> {
    if (!hasSeenEnd) return false;
    const progress = await readProgress(prisma, id, place, 1);
    return progress === null || (hasEnded(progress.task) && progress.decisions.length + progress.steps.length === 0);
  }

  /** Changes a project's number of open streams by `streams`; a project without any is forgotten. */
  function count(project: string, streams: number): void {
    const open = (openByProject.get(project) ?? 0) + streams;
    if (open === 0) openByProject.delete(project);
    else openByProject.set(project, open);
  }

  /** Takes a place for a stream until its answer or its connection closes. Throws `overloaded` if there is none. */
  function takePlace({ id, project }: Task, { raw: { socket } }: FastifyRequest, reply: FastifyReply): Follower {
    const full = (message: string): AppError => new AppError("overloaded", message, { retryAfterMs: STREAM_FREE_AFTER_MS });
    if (followers.count() >= streamsMax) throw full(`${streamsMax} streams are open here, and no more may be.`);
    if ((openByProject.get(project) ?? 0) >= projectStreamsMax)
      throw full(`${projectStreamsMax} streams of project ${project} are open here, and no more of one project may be.`);
    const follower = followers.follow(id);
    count(project, 1);
    let isOpen = true;
    // An answer queued behind another on its connection gets no close event of its own, so listen on the socket too.
    const closers: EventEmitter[] = [reply.raw, socket];
    const giveBack = (): void => {
      if (isOpen) count(project, -1);
      isOpen = false;
      follower.close();
      for (const closer of closers) closer.off("close", giveBack);
    };
    for (const closer of closers) closer.once("close", giveBack);
    return { ...follower, close: giveBack };
  }

  const hasLeft = (request: FastifyRequest, reply: FastifyReply): boolean => request.raw.socket.destroyed || reply.raw.destroyed;

  function stream(id: string, start: StreamStart, follower: Follower, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { socket } = request.raw;
    socket.setTimeout(STALLED_MS, () => socket.destroy());
    // The connection ends with its stream: the listener's timeouts no longer apply to it, and a closing listener does not wait for it to be
    // idle.
    return reply
      .headers({ "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no", connection: "close" })
      .send(
        Readable.from(taskEvents({ prisma, readDraft: (asked) => draftBehind(asked, 0), follow }, follower, id, start.place), {
          objectMode: false,
        }),
      );
  }

  return {
    serve: (app: FastifyInstance, { onRequest, grantOf }: Entrance): void => {
      app.get("/v1/tasks/:id/events", { onRequest }, async (request, reply) => {
        const { id } = parseBody(TaskPlace, request.params);
        const start = streamStart([request.headers["last-event-id"]].flat()[0]);
        const task = taskIn(grantOf(request), id, await findTask(prisma, id));
        if (await isOver(id, start)) return reply.status(204).send();
        // A reader that left before this point emits no close event any more.
        if (hasLeft(request, reply)) return reply.hijack();
        const follower = takePlace(task, request, reply);
        try {
          // Follow before the first read, so that nothing written between the two is missed.
          await follow(id);
        } catch (error) {
          follower.close();
          throw error;
        }
        return hasLeft(request, reply) ? reply.hijack() : stream(id, start, follower, request, reply);
      });
      app.addHook("preClose", async () => followers.close());
    },
    close: listening.close,
  };
}
