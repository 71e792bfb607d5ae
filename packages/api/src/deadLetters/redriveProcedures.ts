import { userInfo } from "node:os";
import { createRedrive, forecastRedrive, listAudit, listRedriveItems, listRedrives, readRedrive, steerRedrive } from "@signalbox/db/prisma";
import { confirmBulk, editedPayload, RedriveItemState, RedriveOrder, RedriveQuestion } from "@signalbox/model";
import { z } from "zod";
import { Project } from "../project.ts";
import { procedure } from "../trpc.ts";

/** The most redrives, letters of one redrive and audit entries in an answer. */
const LIMITS = { redrivesMax: 1_000, itemsMax: 500, auditMax: 5_000 } as const;

const Steering = z.strictObject({ project: Project, id: z.uuid(), reason: z.string().trim().min(1, "say why").max(1_000) });

const steers = (steer: Parameters<typeof steerRedrive>[1]) =>
  procedure
    .input(Steering)
    .mutation(({ ctx, input }) => steerRedrive(ctx.state, steer, { ...input, actor: userInfo().username, now: new Date(ctx.now()) }));

/** Bulk acts on dead letters, as jobs that the controller executes. */
export const redriveProcedures = {
  /** A forecast of a redrive. Nothing is changed. */
  dryRun: procedure.input(RedriveQuestion).query(({ ctx, input: { payload, ...question } }) =>
    forecastRedrive(ctx.bulk, {
      ...question,
      payload: editedPayload(payload, question.selection),
      now: new Date(ctx.now()),
    }),
  ),

  /**
   * Creates a redrive of the letters that can be redriven now; `obstructed` lists the
   * rest. The recorded actor is the user of this process, until people can sign in.
   */
  redrive: procedure
    .input(RedriveOrder)
    .mutation(({ ctx, input: { confirmation, payload, ...order } }) =>
      createRedrive(
        ctx.bulk,
        { ...order, payload: editedPayload(payload, order.selection), actor: userInfo().username },
        { now: new Date(ctx.now()), confirm: confirmBulk(confirmation, order.name) },
      ),
    ),

  pause: steers("pause"),
  resume: steers("resume"),
  cancel: steers("cancel"),

  /** The last redrives of a project; with `isUnderWay` only those that are not over. */
  redrives: procedure
    .input(
      z.strictObject({
        project: Project,
        isUnderWay: z.boolean().default(false),
        limit: z.number().int().min(1).max(LIMITS.redrivesMax).default(50),
      }),
    )
    .query(({ ctx, input: { project, isUnderWay, limit } }) => listRedrives(ctx.state, project, { isUnderWay, rowsMax: limit })),

  /** A redrive, and a page of its letters after the position `after`; with `states`, only letters in these. */
  redriveById: procedure
    .input(
      z.strictObject({
        project: Project,
        id: z.uuid(),
        after: z.number().int().nonnegative().default(0),
        states: z.array(RedriveItemState).optional(),
        limit: z.number().int().min(1).max(LIMITS.itemsMax).default(100),
      }),
    )
    .query(async ({ ctx, input: { project, id, after, states, limit } }) => {
      const redrive = await readRedrive(ctx.state, project, id);
      return { redrive, items: await listRedriveItems(ctx.state, { redriveId: id, after, states, rowsMax: limit }) };
    }),

  /** The audit log about dead letters, latest first; with `subject`, only the acts on one redrive, rule, group or letter. */
  audit: procedure
    .input(
      z.strictObject({
        project: Project,
        subject: z.string().max(200).optional(),
        limit: z.number().int().min(1).max(LIMITS.auditMax).default(100),
      }),
    )
    .query(({ ctx, input: { limit, ...asked } }) => listAudit(ctx.state, { ...asked, rowsMax: limit })),
};
