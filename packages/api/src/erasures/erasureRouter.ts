import { userInfo } from "node:os";
import { listErasures, previewErasure, recordErasure, requireProject } from "@signalbox/db/prisma";
import { AppError, collectorBacklog, ErasureSubject, untilWritten } from "@signalbox/model";
import { z } from "zod";
import type { Context } from "../context.ts";
import { Project } from "../project.ts";
import { procedure, router } from "../trpc.ts";

/** The number of erasures in the list. */
const ERASURES_MAX = 100;

/** The subject of an erasure. A whole project is erased together with its keys, which only the command line can do. */
const Erasure = z.strictObject({ project: Project, subject: ErasureSubject }).refine(({ subject }) => subject.kind !== "project", {
  message: "a whole project is deleted with ./signalbox project delete",
});

/**
 * Waits until this installation's collector has written what it had acknowledged: what its journal still holds of a subject
 * would land behind the erasure, and be there again. Throws `upstream_unavailable` where it does not get there, or answer.
 */
async function journalWritten({ otlpUrl, now }: Context): Promise<void> {
  const ask = async (): Promise<number | null> => (await collectorBacklog(otlpUrl)).readableUntilMs;
  await untilWritten(ask, now(), { clock: now }).catch((cause: unknown) => {
    if (!(cause instanceof AppError)) throw cause;
    throw new AppError(cause.code, `Nothing is erased: ${cause.message}`, { cause, hint: `${cause.hint} ${WHERE_IT_IS}` });
  });
}

const WHERE_IT_IS = "The console asks the collector at SIGNALBOX_OTLP_URL: set it where the collector is elsewhere.";

export const erasureRouter = router({
  /** The last erasures of a project, with the actor and a digest of the subject. */
  list: procedure
    .input(z.strictObject({ project: Project }))
    .query(({ ctx, input: { project } }) => listErasures(ctx.state, project, ERASURES_MAX)),

  /** The number of rows that would be deleted, by table. */
  preview: procedure
    .input(Erasure)
    .query(({ ctx, input: { project, subject } }) =>
      previewErasure(ctx.state, { project, subject, traces: () => ctx.erasures.traces(project, subject) }, () =>
        ctx.erasures.preview(project, subject),
      ),
    ),

  /** Erases a trace, a user or a session, and records that. The recorded actor is the user of this process, until people can sign in. */
  erase: procedure.input(Erasure).mutation(async ({ ctx, input: { project, subject } }) => {
    await requireProject(ctx.state, project);
    await journalWritten(ctx);
    const traces = () => ctx.erasures.traces(project, subject);
    const act = { project, subject, traces, actor: userInfo().username, clock: ctx.now };
    return recordErasure(ctx.state, act, () => ctx.erasures.erase(project, subject));
  }),
});
