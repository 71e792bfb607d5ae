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

/** A reader that takes nothing for so long is let go: it may come back and go on where it was. */
const STALLED_MS = 60_000;

/** When one of the streams ends nobody knows; asking again this soon costs little. */
const STREAM_FREE_AFTER_MS = 5_000;

/** A task is followed for so long after one of its readers has said so; they say it again long before. */
const FOLLOWED_MS = 60_000;

/** Drafts grow a few times a second: those of all streams are read together. */
const DRAFT_READING = { itemsMax: 256, bytesMax: 1, handoversMax: 1 };

/**
 * What streams need: `databaseUrl` is where progress is heard of,
 * `streamsMax` how many may be open here, `projectStreamsMax` of one project.
 */
export type EventParts = {
  prisma: PrismaClient;
  databaseUrl: string;
  streamsMax: number;
  projectStreamsMax: number;
  metrics: Registry;
};

/** Serves `GET /v1/tasks/{id}/events`. Streams end when the listener closes, with their readers told to come back. */
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

  /** Whether a reader has seen all there is to see. */
  async function isOver(id: string, { place, hasEnded: hasSeenEnd }: StreamStart): Promise<boolean> {
    if (!hasSeenEnd) return false;
    const progress = await readProgress(prisma, id, place, 1);
    return progress === null || (hasEnded(progress.task) && progress.decisions.length + progress.steps.length === 0);
  }

  /** Adds to the open streams of a project; one without any is forgotten. */
  function count(project: string, streams: number): void {
    const open = (openByProject.get(project) ?? 0) + streams;
    if (open === 0) openByProject.delete(project);
    else openByProject.set(project, open);
  }

  /** Takes one of the places for streams until the answer or its connection closes. Throws `overloaded` where there is none. */
  function takePlace({ id, project }: Task, { raw: { socket } }: FastifyRequest, reply: FastifyReply): Follower {
    const full = (message: string): AppError => new AppError("overloaded", message, { retryAfterMs: STREAM_FREE_AFTER_MS });
    if (followers.count() >= streamsMax) throw full(`${streamsMax} streams are open here, and no more may be.`);
    if ((openByProject.get(project) ?? 0) >= projectStreamsMax)
      throw full(`${projectStreamsMax} streams of project ${project} are open here, and no more of one project may be.`);
    const follower = followers.follow(id);
    count(project, 1);
    let isOpen = true;
    // An answer that waits behind another one on its connection is not told when that closes.
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
    // The connection ends with its stream: its timeouts are no longer those
    // of the listener, and one that closes does not wait for it to be idle.
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
        // Who left before now is not heard to leave.
        if (hasLeft(request, reply)) return reply.hijack();
        const follower = takePlace(task, request, reply);
        try {
          // Before the first reading: what is written between the two is told.
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
