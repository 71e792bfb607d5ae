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

/** How much one answer may hold, and one act change. */
const LIMITS = { subjectsMax: 1_000, disagreementsMax: 50, annotationsMax: 20_000, exceptMax: 10, noteCharsMax: 2_000 } as const;

const QueueAddress = z.strictObject({ project: Project, id: z.uuid() });

/** Until people sign in, whoever runs the console labels, or whoever the console's user says they are. */
const osUser = (): string => userInfo().username;
const Labelling = QueueAddress.extend({ person: AnnotatorName.optional() });

const Note = z.string().trim().max(LIMITS.noteCharsMax).default("");
const OfItem = Labelling.extend({ itemId: z.uuid(), note: Note });
const Answer = OfItem.extend({ value: z.number() });

export const annotationRouter = router({
  /** The annotation queues of a project, by name, each with how far it is; `me` is who labels unless they say another name. */
  list: procedure.input(z.strictObject({ project: Project })).query(async ({ ctx, input: { project } }) => {
    const queues = await listAnnotationQueues(ctx.state, project);
    const progressOf = await readAnnotationProgress(
      ctx.state,
      queues.map(({ id }) => id),
    );
    return { me: osUser(), queues: queues.map((queue) => ({ ...queue, progress: progressOf(queue.id) })) };
  }),

  /** A queue with the answers to its question, in the order of the keys 1 to 9, and how far it is. */
  queue: procedure.input(QueueAddress).query(async ({ ctx, input: { project, id } }) => {
    const queue = await requireAnnotationQueue(ctx.state, project, id);
    return { me: osUser(), queue, answers: answersOf(queue.kind), progress: (await readAnnotationProgress(ctx.state, [id]))(id) };
  }),

  /** How far the people who labelled agree; null while no two labelled the same item. */
  agreement: procedure.input(QueueAddress).query(async ({ ctx, input: { project, id } }) => {
    const queue = await requireAnnotationQueue(ctx.state, project, id);
    return queueAgreement(queue, await listAnnotations(ctx.state, id, LIMITS.annotationsMax));
  }),

  /** Makes a queue without items. */
  create: procedure
    .input(NewAnnotationQueue.extend({ project: Project }))
    .mutation(({ ctx, input }) => createAnnotationQueue(ctx.state, input, { createdBy: osUser(), now: new Date(ctx.now()) })),

  /** Adds traces to a queue; those that are in it already are left out. */
  add: procedure
    .input(QueueAddress.extend({ subjects: z.array(AnnotationSubject).min(1).max(LIMITS.subjectsMax) }))
    .mutation(async ({ ctx, input: { project, id, subjects } }) => {
      const { name } = await requireAnnotationQueue(ctx.state, project, id);
      return { name, ...(await addAnnotationItems(ctx.state, id, subjects, { addedBy: osUser(), now: new Date(ctx.now()) })) };
    }),

  /**
   * Gives a person their next item and holds it for them; null where nothing is left for them. `except` are items that they have at hand.
   */
  claim: procedure
    .input(Labelling.extend({ except: z.array(z.uuid()).max(LIMITS.exceptMax).default([]) }))
    .mutation(async ({ ctx, input: { project, id, person = osUser(), except } }) => {
      const queue = await requireAnnotationQueue(ctx.state, project, id);
      return (await claimAnnotationItem(ctx.state, queue, { person, except, now: new Date(ctx.now()) })) ?? null;
    }),

  /** Keeps a person's label of an item; another one takes its place. */
  label: procedure.input(Answer).mutation(async ({ ctx, input: { project, id, person = osUser(), ...said } }) => {
    const queue = await requireAnnotationQueue(ctx.state, project, id);
    await labelAnnotationItem(ctx.state, queue, { ...said, person, now: new Date(ctx.now()) });
  }),

  /** Leaves an item to others; the note says why. */
  skip: procedure.input(OfItem).mutation(async ({ ctx, input: { project, id, person = osUser(), ...said } }) => {
    const queue = await requireAnnotationQueue(ctx.state, project, id);
    await skipAnnotationItem(ctx.state, queue, { ...said, person, now: new Date(ctx.now()) });
  }),

  /** Takes back what a person said last, and gives them the item again; null where they said nothing. */
  undo: procedure.input(Labelling).mutation(async ({ ctx, input: { project, id, person = osUser() } }) => {
    await requireAnnotationQueue(ctx.state, project, id);
    return (await undoAnnotation(ctx.state, id, { person, now: new Date(ctx.now()) })) ?? null;
  }),

  /** Items about which people said different things, unsettled ones first; `cursor` is how many come before. */
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

  /** Settles an item about which people disagree. */
  settle: procedure.input(Answer).mutation(async ({ ctx, input: { project, id, person = osUser(), ...said } }) => {
    const queue = await requireAnnotationQueue(ctx.state, project, id);
    await settleAnnotationItem(ctx.state, queue, { ...said, person, now: new Date(ctx.now()) });
  }),
});
