import {
  countOpenDeadLetters,
  listDeadLetterGroups,
  listFailedVersions,
  listFirstDecisions,
  listLetters,
  readDeadLetter,
} from "@signalbox/db/prisma";
import { AppError, DeadLetterFilter, verifyChain } from "@signalbox/model";
import { z } from "zod";
import { PageDirection } from "../pageDirection.ts";
import { Project } from "../project.ts";
import { procedure } from "../trpc.ts";
import { LetterRange, letterSteps } from "./letterSteps.ts";
import { newSince, trendOf } from "./trend.ts";

const LIMITS = { groupsMax: 500, lettersMax: 200, decisionsMax: 5_000 } as const;

/** Letters from within this time count as new in the badge. */
const RECENT_MS = 3_600_000;

const Filter = DeadLetterFilter.default({});
const LetterKey = z.strictObject({ lastFailedAt: z.iso.datetime(), id: z.uuid() });

/** Queries about dead letters. */
export const letterQueries = {
  /** The groups of a project's dead letters by fingerprint, with their counts over time. */
  groups: procedure
    .input(
      z.strictObject({
        project: Project,
        filter: Filter,
        range: LetterRange.default("24h"),
        order: z.enum(["last", "count", "first"]).default("last"),
        limit: z.number().int().min(1).max(LIMITS.groupsMax).default(100),
      }),
    )
    .query(async ({ ctx, input: { project, filter, range, order, limit } }) => {
      const steps = letterSteps(range, ctx.now());
      const [found, versions] = await Promise.all([
        listDeadLetterGroups(ctx.state, { project, filter, order, steps, limit }),
        listFailedVersions(ctx.state, project),
      ]);
      const middleMs = steps.fromMs + (steps.stepMs * steps.count) / 2;
      const groups = found.groups.map((group) => ({
        ...group,
        trend: trendOf(group.lettersPerStep, Date.parse(group.firstFailedAt), middleMs),
        newSince: newSince(group.firstVersion, versions),
      }));
      return { ...found, groups, steps, versions: versions.map(({ version }) => version) };
    }),

  /** A page of letters, latest failure first. */
  letters: procedure
    .input(
      z.strictObject({
        project: Project,
        filter: Filter,
        limit: z.number().int().min(1).max(LIMITS.lettersMax).default(50),
        cursor: LetterKey.nullish(),
        direction: PageDirection,
      }),
    )
    .query(({ ctx, input: { project, filter, limit, cursor } }) =>
      listLetters(ctx.state, { project, filter, cursor: cursor ?? null, limit }),
    ),

  /**
   * One complete letter, with the first decisions of its task (none without
   * a task), whether there are more, and whether their chain verifies.
   */
  letter: procedure.input(z.strictObject({ project: Project, id: z.uuid() })).query(async ({ ctx, input: { project, id } }) => {
    const detail = await readDeadLetter(ctx.state, project, id);
    if (detail === null)
      throw new AppError("not_found", `There is no dead letter ${id} in project ${project}.`, {
        hint: "It may belong to another project, or have been erased with its task.",
      });
    const { letter } = detail;
    const { decisions, isTruncated } =
      letter.kind === "task"
        ? await listFirstDecisions(ctx.state, letter.taskId, LIMITS.decisionsMax)
        : { decisions: [], isTruncated: false };
    return { ...detail, decisions, isTruncated, chain: verifyChain(decisions) };
  }),

  /** The number of letters that wait for a person, and of those from within the last hour. */
  badge: procedure
    .input(z.strictObject({ project: Project }))
    .query(({ ctx, input: { project } }) => countOpenDeadLetters(ctx.state, project, new Date(ctx.now() - RECENT_MS))),
};
