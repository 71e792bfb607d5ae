import { userInfo } from "node:os";
import {
  addAnnotationItems,
  claimAnnotationItem,
  createAnnotationQueue,
  labelAnnotationItem,
  listAnnotationDisagreements,
  listAnnotationQueues,
  listAnnotations,
  readAnnotationProgress,
  requireAnnotationQueue,
  settleAnnotationItem,
  skipAnnotationItem,
  undoAnnotation,
} from "@signalbox/db/annotations";
import { queueAgreement } from "@signalbox/evals";
import { AnnotationSubject, AnnotatorName, answersOf, NewAnnotationQueue } from "@signalbox/model";
import { z } from "zod";
import { PageDirection } from "../pageDirection.ts";
import { Project } from "../project.ts";
import { procedure, router } from "../trpc.ts";

/** Limits of one answer, and of one act. */
const LIMITS = { subjectsMax: 1_000, disagreementsMax: 50, annotationsMax: 20_000, exceptMax: 10, noteCharsMax: 2_000 } as const;

const QueueAddress = z.strictObject({ project: Project, id: z.uuid() });

/** The default annotator, until people can sign in: the operating system's user who runs the console. */
const osUser = (): string => userInfo().username;
const Labelling = QueueAddress.extend({ person: AnnotatorName.optional() });

const Note = z.string().trim().max(LIMITS.noteCharsMax).default("");
const OfItem = Labelling.extend({ itemId: z.uuid(), note: Note });
const Answer = OfItem.extend({ value: z.number() });

export const annotationRouter = router({
  /** The annotation queues of a project, by name, each with its progress; `me` is the default annotator. */
  list: procedure.input(z.strictObject({ project: Project })).query(async ({ ctx, input: { project } }) => {
    const queues = await listAnnotationQueues(ctx.state, project);
    const progressOf = await readAnnotationProgress(
      ctx.state,
      queues.map(({ id }) => id),
    );
    return { me: osUser(), queues: queues.map((queue) => ({ ...queue, progress: progressOf(queue.id) })) };
  }),

  /** A queue with the answers to its question, in the order of the keys 1 to 9, and its progress. */
  queue: procedure.input(QueueAddress).query(async ({ ctx, input: { project, id } }) => {
    const queue = await requireAnnotationQueue(ctx.state, project, id);
    return { me: osUser(), queue, answers: answersOf(queue.kind), progress: (await readAnnotationProgress(ctx.state, [id]))(id) };
  }),

  /** The agreement of the people who labelled; null while no two labelled the same item. */
  agreement: procedure.input(QueueAddress).query(async ({ ctx, input: { project, id } }) => {
    const queue = await requireAnnotationQueue(ctx.state, project, id);
    return queueAgreement(queue, await listAnnotations(ctx.state, id, LIMITS.annotationsMax));
  }),

  /** Creates an empty queue. */
  create: procedure
    .input(NewAnnotationQueue.extend({ project: Project }))
    .mutation(({ ctx, input }) => createAnnotationQueue(ctx.state, input, { createdBy: osUser(), now: new Date(ctx.now()) })),

  /** Adds traces to a queue; traces that are already in it are skipped. */
  add: procedure
    .input(QueueAddress.extend({ subjects: z.array(AnnotationSubject).min(1).max(LIMITS.subjectsMax) }))
    .mutation(async ({ ctx, input: { project, id, subjects } }) => {
      const { name } = await requireAnnotationQueue(ctx.state, project, id);
      return { name, ...(await addAnnotationItems(ctx.state, id, subjects, { addedBy: osUser(), now: new Date(ctx.now()) })) };
    }),

  /** Claims the next item for a person; null where nothing is left for them. `except` lists items that they already have open. */
  claim: procedure
    .input(Labelling.extend({ except: z.array(z.uuid()).max(LIMITS.exceptMax).default([]) }))
    .mutation(async ({ ctx, input: { project, id, person = osUser(), except } }) => {
      const queue = await requireAnnotationQueue(ctx.state, project, id);
      return (await claimAnnotationItem(ctx.state, queue, { person, except, now: new Date(ctx.now()) })) ?? null;
    }),

  /** Stores a person's label for an item, replacing an earlier one. */
  label: procedure.input(Answer).mutation(async ({ ctx, input: { project, id, person = osUser(), ...said } }) => {
    const queue = await requireAnnotationQueue(ctx.state, project, id);
    await labelAnnotationItem(ctx.state, queue, { ...said, person, now: new Date(ctx.now()) });
  }),

  /** Skips an item and leaves it to others; the note says why. */
  skip: procedure.input(OfItem).mutation(async ({ ctx, input: { project, id, person = osUser(), ...said } }) => {
    const queue = await requireAnnotationQueue(ctx.state, project, id);
    await skipAnnotationItem(ctx.state, queue, { ...said, person, now: new Date(ctx.now()) });
  }),

  /** Withdraws a person's last answer and claims the item for them again; null where they gave none. */
  undo: procedure.input(Labelling).mutation(async ({ ctx, input: { project, id, person = osUser() } }) => {
    await requireAnnotationQueue(ctx.state, project, id);
    return (await undoAnnotation(ctx.state, id, { person, now: new Date(ctx.now()) })) ?? null;
  }),

  /** Items on which people's labels differ, unsettled ones first; `cursor` is the number of items before the page. */
  disagreements: procedure
    .input(
      QueueAddress.extend({
        limit: z.int().min(1).max(LIMITS.disagreementsMax).default(20),
        cursor: z.int().nonnegative().nullish(),
        direction: PageDirection,
      }),
    )
    .query(async ({ ctx, input: { project, id, limit, cursor } }) => {
      await requireAnnotationQueue(ctx.state, project, id);
      const skip = cursor ?? 0;
      const found = await listAnnotationDisagreements(ctx.state, id, { skip, rowsMax: limit + 1 });
      return { disagreements: found.slice(0, limit), next: found.length > limit ? skip + limit : null };
    }),

  /** Settles a disagreement with a final label. */
  settle: procedure.input(Answer).mutation(async ({ ctx, input: { project, id, person = osUser(), ...said } }) => {
    const queue = await requireAnnotationQueue(ctx.state, project, id);
    await settleAnnotationItem(ctx.state, queue, { ...said, person, now: new Date(ctx.now()) });
  }),
});
