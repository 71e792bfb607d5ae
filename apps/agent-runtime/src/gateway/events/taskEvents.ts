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

/**
 * How many decisions and steps are read at a time: more than a task of an ordinary length has, and little memory for a reader who is slow.
 */
const ROWS_MAX = 200;

/**
 * After so long without news something is said, so that nobody between here
 * and the reader takes the connection for dead; and the journal is looked at.
 */
const SILENCE_MS = 15_000;

/** A reader follows its task anew after so long. */
const FOLLOW_AGAIN_MS = 15_000;

/** How soon a store that is away is asked again. */
const STORE_AWAY_MS = 2_000;

const RECONNECT_MS = 1_000;

/** Whether a task is over. */
export const hasEnded = ({ status }: Task): boolean => status === "done" || status === "dead";

/** Decisions and steps in the order in which they happened, each list in its own order. */
function inOrder(decisions: readonly Decision[], steps: readonly Step[]): TaskEvent[] {
  const events: TaskEvent[] = [];
  const rest = [...steps];
  for (const decision of decisions) {
    // A decision's time is in whole milliseconds: what ended within the same one came after it.
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

/** Reads the journal; null where there is no such task any more. */
async function read(prisma: PrismaClient, id: string, place: JournalPlace): Promise<TaskProgress | "away" | null> {
  try {
    return await readProgress(prisma, id, place, ROWS_MAX);
  } catch (error) {
    if (error instanceof AppError && error.code === "upstream_unavailable") return "away";
    throw error;
  }
}

/** What a draft has behind a place; null where there is none. */
export type ReadDraft = (asked: { taskId: string; place: DraftPlace }) => Promise<DraftPart | null>;

/**
 * Where events are read. `follow` says for the next minute that somebody follows a task; whoever is told says so again before that is over.
 */
export type EventSource = { prisma: PrismaClient; readDraft: ReadDraft; follow: (id: string) => Promise<void> };

/** A draft is worth no failure: what it says will be in a step. */
async function readDraftText(readDraft: ReadDraft, taskId: string, place: DraftPlace): Promise<DraftPart | "away" | null> {
  try {
    return await readDraft({ taskId, place });
  } catch {
    return "away";
  }
}

/**
 * The text of a task's events behind `place`, as its journal and its drafts grow, until the task ends, goes away, or the follower
 * is closed. Nothing is read before what was read is on its way to the reader, so one who is slow holds up nobody and nothing else.
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
      // Where that fails, the journal is looked at in each silence all the same.
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
      // What was told of it will be in no step, unless it is there already.
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
