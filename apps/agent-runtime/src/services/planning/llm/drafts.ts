import { type Draft, dropDraft, type GroupCommitLimits, groupCommit, keepDrafts, type PrismaClient } from "@signalbox/db/prisma";
import { newId, storableText } from "@signalbox/model";
import type { Logger } from "pino";
import { type Clock, dateOfUs } from "../../../clock.ts";

/** A draft grows at most every so many milliseconds: four times a second reads like writing. */
const PAUSE_MS = 250;

/** Where nobody follows the task, somebody may have begun to after so many milliseconds. */
const NOBODY_MS = 1_000;

/** What all answers in a process add goes in few statements. */
const GROUP_COMMIT: GroupCommitLimits = { itemsMax: 64, bytesMax: 1024 * 1024, handoversMax: 1 };

/** Where drafts are kept. `keep` says whether anybody follows the task; neither is of any consequence for the task. */
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
 * An answer while it is written: `write` is told its whole text so far. Disposing it takes the draft back, and who reads
 * it is told, unless `stand` has said that it is an answer to the customer: then it stays until the step has all of it.
 */
export type DraftWriter = Disposable & { write: (text: string) => void; stand: () => void };

/** Lets those who follow a task read an answer while a model writes it. */
export type Drafts = { begin: (place: { taskId: string; step: number }) => DraftWriter };

/** Nobody reads along. */
export const NO_DRAFTS: Drafts = { begin: () => ({ write: () => {}, stand: () => {}, [Symbol.dispose]: () => {} }) };

/** The first half of a character that is cut in two by the end of a text. */
const HALF_A_CHARACTER = /[\uD800-\uDBFF]$/;

/** Drafts in a store. A store that is away costs the readers the draft and the task nothing. */
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
