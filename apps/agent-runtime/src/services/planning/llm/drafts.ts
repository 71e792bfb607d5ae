import { type Draft, dropDraft, type GroupCommitLimits, groupCommit, keepDrafts, type PrismaClient } from "@signalbox/db/prisma";
import { newId, storableText } from "@signalbox/model";
import type { Logger } from "pino";
import { type Clock, dateOfUs } from "../../../clock.ts";

/** The shortest time between two updates of a draft, in milliseconds: four a second read like typing. */
const PAUSE_MS = 250;

/** How long to wait before checking again whether somebody follows the task, in milliseconds. */
const NOBODY_MS = 1_000;

/** Limits of a group commit: the updates of all answers in a process go in few statements. */
const GROUP_COMMIT: GroupCommitLimits = { itemsMax: 64, bytesMax: 1024 * 1024, handoversMax: 1 };

/** A store of drafts. `keep` returns whether anybody follows the task; a failure of either call has no effect on the task. */
export type DraftStore = {
  keep: (draft: Draft) => Promise<boolean>;
  drop: (draft: Pick<Draft, "taskId" | "answer">) => Promise<void>;
};

/** Keeps drafts in PostgreSQL, where the gateways of this agent read them. */
export function draftStore(prisma: PrismaClient, clock: Clock): DraftStore {
  const keep = groupCommit(GROUP_COMMIT, (drafts: Draft[]) => keepDrafts(prisma, drafts, dateOfUs(clock.nowUs())));
  return { keep: (draft) => keep(draft, draft.text.length), drop: (draft) => dropDraft(prisma, draft) };
}

/**
 * The draft of an answer while it is written: `write` gets the whole text so far. Disposing it withdraws the draft and tells its readers,
 * unless `stand` has confirmed it as an answer to the customer: then it stays until the step has the whole text.
 */
export type DraftWriter = Disposable & { write: (text: string) => void; stand: () => void };

/** Drafts let the followers of a task read an answer while a model writes it. */
export type Drafts = { begin: (place: { taskId: string; step: number }) => DraftWriter };

/** No drafts are kept. */
export const NO_DRAFTS: Drafts = { begin: () => ({ write: () => {}, stand: () => {}, [Symbol.dispose]: () => {} }) };

/** The first half of a surrogate pair that the end of a text cuts in two. */
const HALF_A_CHARACTER = /[\uD800-\uDBFF]$/;

/** Keeps drafts in a store. An outage of the store costs the readers the draft, and the task nothing. */
export function openDrafts(store: DraftStore, log: Logger): Drafts {
  function begin(place: { taskId: string; step: number }): DraftWriter {
    const id = { taskId: place.taskId, answer: newId() };
    let text = "";
    let kept = "";
    let isWriting = false;
    let isOver = false;
    let isThere = false;
    let stands = false;
    let pause: NodeJS.Timeout | undefined;

    const note = (err: unknown): void => log.debug({ err, taskId: place.taskId }, "a draft cannot be kept");
    const drop = (): void => void store.drop(id).catch(note);

    async function keep(): Promise<void> {
      isWriting = true;
      kept = text;
      const isFollowed = await store
        .keep({ ...place, ...id, text: storableText(kept.replace(HALF_A_CHARACTER, "")) })
        .catch((error: unknown) => {
          note(error);
          return false;
        });
      isWriting = false;
      isThere ||= isFollowed;
      if (isOver && isThere && !stands) drop();
      if (isOver) return;
      pause = setTimeout(
        () => {
          pause = undefined;
          if (text !== kept) void keep();
        },
        isFollowed ? PAUSE_MS : NOBODY_MS,
      );
    }

    return {
      write: (whole) => {
        text = whole;
        if (!isWriting && pause === undefined) void keep();
      },
      stand: () => {
        stands = true;
      },
      [Symbol.dispose]: () => {
        isOver = true;
        clearTimeout(pause);
        if (isThere && !isWriting && !stands) drop();
      },
    };
  }
  return { begin };
}
