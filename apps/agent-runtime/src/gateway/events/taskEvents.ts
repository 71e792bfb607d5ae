import {
  type DraftPart,
  type DraftPlace,
  type JournalPlace,
  type PrismaClient,
  readProgress,
  type TaskProgress,
} from "@signalbox/db/prisma";
import { AppError, type Decision, type Step, type Task, type TaskEvent } from "@signalbox/model";
import { commentText, eventText, retryText } from "./eventText.ts";
import type { Follower, News } from "./followers.ts";

/** Decisions and steps per read: more than an ordinary task has, and little memory while a slow reader drains them. */
const ROWS_MAX = 200;

/**
 * After this silence, in milliseconds, a comment is sent so that nothing between here and the reader takes the connection for dead, and the
 * journal is read.
 */
const SILENCE_MS = 15_000;

/** How often a reader renews its following of a task, in milliseconds. */
const FOLLOW_AGAIN_MS = 15_000;

/** How soon the store is asked again after it did not answer, in milliseconds. */
const STORE_AWAY_MS = 2_000;

const RECONNECT_MS = 1_000;

export const hasEnded = ({ status }: Task): boolean => status === "done" || status === "dead";

/** Merges decisions and steps into the order in which they happened; each list keeps its own order. */
function inOrder(decisions: readonly Decision[], steps: readonly Step[]): TaskEvent[] {
  const events: TaskEvent[] = [];
  const rest = [...steps];
  for (const decision of decisions) {
    // A decision's time is in whole milliseconds: a step that ended within the same millisecond came after it.
    const decidedUs = Date.parse(decision.time) * 1_000;
    while (rest[0] !== undefined && rest[0].finishedUs < decidedUs) events.push({ kind: "step", data: rest.shift() as Step });
    events.push({ kind: "decision", data: decision });
  }
  return [...events, ...rest.map((step): TaskEvent => ({ kind: "step", data: step }))];
}

const placeAfter = (place: JournalPlace, event: TaskEvent): JournalPlace => {
  if (event.kind === "decision") return { ...place, seq: event.data.seq };
  return event.kind === "step" ? { ...place, step: event.data.step } : place;
};

/** Reads the journal after `place`: "away" if the store does not answer, null if the task does not exist any more. */
async function read(prisma: PrismaClient, id: string, place: JournalPlace): Promise<TaskProgress | "away" | null> {
  try {
    return await readProgress(prisma, id, place, ROWS_MAX);
  } catch (error) {
    if (error instanceof AppError && error.code === "upstream_unavailable") return "away";
    throw error;
  }
}

/** Reads a task's draft after a place; null if there is none. */
export type ReadDraft = (asked: { taskId: string; place: DraftPlace }) => Promise<DraftPart | null>;

/**
 * The sources of a task's events. `follow` registers for the next minute that somebody follows a task; callers renew it before it expires.
 */
export type EventSource = { prisma: PrismaClient; readDraft: ReadDraft; follow: (id: string) => Promise<void> };

/** Reads a draft. A failure is not an error, since the draft's text will be in a step: it reads as "away". */
async function readDraftText(readDraft: ReadDraft, taskId: string, place: DraftPlace): Promise<DraftPart | "away" | null> {
  try {
    return await readDraft({ taskId, place });
  } catch {
    return "away";
  }
}

/**
 * The text of a task's events after `place`, as its journal and its drafts grow, until the task ends, is deleted, or the follower is
 * closed. Each read waits until the last one is on its way to the reader, so a slow reader delays nobody else.
 */
export async function* taskEvents(
  { prisma, readDraft, follow }: EventSource,
  follower: Follower,
  id: string,
  start: JournalPlace,
): AsyncGenerator<string> {
  let place = start;
  let told = "";
  let inDraft: DraftPlace = null;
  let draftStep = 0;
  let followedAt = performance.now();
  let news: News = "journal";
  yield retryText(RECONNECT_MS);
  for (;;) {
    let silenceMs = SILENCE_MS;
    if (performance.now() - followedAt >= FOLLOW_AGAIN_MS) {
      // If that fails, the journal is still read at each silence.
      await follow(id).catch(() => undefined);
      followedAt = performance.now();
    }
    if (news !== "draft") {
      const progress = await read(prisma, id, place);
      if (progress === null) return;
      if (progress === "away") {
        silenceMs = STORE_AWAY_MS;
        yield commentText("the journal cannot be read right now");
      } else {
        const { task, decisions, steps } = progress;
        const status = `${task.status} ${task.attempts}`;
        if (status !== told && !hasEnded(task))
          yield eventText({ kind: "status", data: { status: task.status, attempts: task.attempts } }, place);
        told = status;
        for (const event of inOrder(decisions, steps)) {
          place = placeAfter(place, event);
          yield eventText(event, place);
        }
        if (decisions.length === ROWS_MAX || steps.length === ROWS_MAX) continue;
        if (hasEnded(task)) {
          yield eventText({ kind: "end", data: task }, place);
          return;
        }
        if (news === "silence") yield commentText("nothing new");
      }
    }
    const draft = await readDraftText(readDraft, id, inDraft);
    if (draft === null) {
      // The draft's text will be in no step, unless its step is there already: withdraw it.
      if (inDraft !== null && draftStep > place.step)
        yield eventText({ kind: "draft", data: { step: draftStep, isStart: true, text: "" } }, place);
      inDraft = null;
    } else if (draft !== "away" && draft.step > place.step) {
      const { step, isStart, text } = draft;
      inDraft = draft.place;
      draftStep = step;
      if (text !== "") yield eventText({ kind: "draft", data: { step, isStart, text } }, place);
    }
    news = await follower.next(silenceMs);
    if (news === "closed") return;
  }
}
