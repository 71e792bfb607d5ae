import { userInfo } from "node:os";
import { createRedrive, forecastRedrive, listAudit, listRedriveItems, listRedrives, readRedrive, steerRedrive } from "@signalbox/db/prisma";
import { confirmBulk, editedPayload, RedriveItemState, RedriveOrder, RedriveQuestion } from "@signalbox/model";
import { z } from "zod";
import { Project } from "../project.ts";
import { procedure } from "../trpc.ts";

/** How many redrives, letters of one and acts are shown at once. */
const LIMITS = { redrivesMax: 1_000, itemsMax: 500, auditMax: 5_000 } as const;

const Steering = z.strictObject({ project: Project, id: z.uuid(), reason: z.string().trim().min(1, "say why").max(1_000) });

const steers = (steer: Parameters<typeof steerRedrive>[1]) =>
  procedure
    .input(Steering)
    .mutation(({ ctx, input }) => steerRedrive(ctx.state, steer, { ...input, actor: userInfo().username, now: new Date(ctx.now()) }));

/** What is done about dead letters in bulk, as jobs that the controller works off. */
export const redriveProcedures = {
  /** What a redrive would come to. Nothing is changed. */
  dryRun: procedure.input(RedriveQuestion).query(({ ctx, input: { payload, ...question } }) =>
    forecastRedrive(ctx.bulk, {
      ...question,
      payload: editedPayload(payload, question.selection),
      now: new Date(ctx.now()),
    }),
  ),

  /**
   * Makes a redrive of what can be redriven now; `obstructed` is the rest. It is an act
   * of whom this process runs as: until there are people, that is whose console it is.
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
  abort: steers("abort"),

  /** The last redrives of a project; with `isUnderWay` those alone that are not over. */
  redrives: procedure
    .input(
      z.strictObject({
        project: Project,
        isUnderWay: z.boolean().default(false),
        limit: z.number().int().min(1).max(LIMITS.redrivesMax).default(50),
      }),
    )
    .query(({ ctx, input: { project, isUnderWay, limit } }) => listRedrives(ctx.state, project, { isUnderWay, rowsMax: limit })),

  /** A redrive, and a page of its letters behind the position `after`; with `states`, only those. */
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

  /** Who did what about dead letters, the latest first; with `subject`, about one redrive, rule, group or letter. */
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
