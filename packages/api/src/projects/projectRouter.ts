import { userInfo } from "node:os";
import {
  changeIntakeRules,
  createApiKey,
  createProject,
  listApiKeys,
  listProjects,
  listRulesChanges,
  readIntakeRules,
  revokeApiKey,
  setRetention,
} from "@signalbox/db/prisma";
import {
  BUILT_IN_NAMES,
  BUILT_IN_PATTERNS,
  IntakeRules,
  NewApiKey,
  NewProject,
  RetentionDays,
  rulesInWords,
  tryRedaction,
} from "@signalbox/model";
import { z } from "zod";
import { Project } from "../project.ts";
import { procedure, router } from "../trpc.ts";

const ROWS_MAX = 1_000;

/** The number of changes of rules in an answer. */
const CHANGES_MAX = 5;

/** The longest text on which rules can be tried, in characters. */
const TRIAL_CHARS_MAX = 100_000;

const builtIn = BUILT_IN_NAMES.map((name) => ({ name, what: BUILT_IN_PATTERNS[name].what }));

export const projectRouter = router({
  /** Every project, by organisation and name. */
  list: procedure.query(({ ctx }) => listProjects(ctx.state, ROWS_MAX)),

  /** Creates a project. */
  create: procedure.input(NewProject).mutation(({ ctx, input }) => createProject(ctx.state, input, new Date(ctx.now()))),

  /** A project's keys without their secrets: working ones first, newest first. */
  keys: procedure
    .input(z.strictObject({ project: Project }))
    .query(({ ctx, input: { project } }) => listApiKeys(ctx.state, project, ROWS_MAX)),

  /** Creates a key. Only this answer contains its secret. */
  createKey: procedure.input(NewApiKey).mutation(({ ctx, input }) => createApiKey(ctx.state, input, new Date(ctx.now()))),

  /** Revokes a key for good. */
  revokeKey: procedure
    .input(z.strictObject({ id: z.uuid() }))
    .mutation(({ ctx, input: { id } }) => revokeApiKey(ctx.state, id, new Date(ctx.now()))),

  /** The redaction and sampling rules of a project, also in words, the available patterns, and the last changes. */
  rules: procedure.input(z.strictObject({ project: Project })).query(async ({ ctx, input: { project } }) => {
    const rules = await readIntakeRules(ctx.state, project);
    const changes = await listRulesChanges(ctx.state, project, CHANGES_MAX);
    return { rules, words: rulesInWords(rules), builtIn, changes: changes.map(({ changedAt, actor }) => ({ changedAt, actor })) };
  }),

  /** A preview of rules: in words, and applied to a text. Changes nothing; a mutation because a text may be too long for a query. */
  tryRules: procedure
    .input(z.strictObject({ rules: IntakeRules, text: z.string().max(TRIAL_CHARS_MAX) }))
    .mutation(({ input: { rules, text } }) => ({ words: rulesInWords(rules), ...tryRedaction(rules.redaction, "text", text) })),

  /** Changes a project's rules, and records that. The recorded actor is the user of this process, until people can sign in. */
  changeRules: procedure
    .input(z.strictObject({ project: Project, rules: IntakeRules }))
    .mutation(({ ctx, input: { project, rules } }) =>
      changeIntakeRules(ctx.state, project, rules, { actor: userInfo().username, now: new Date(ctx.now()) }),
    ),

  /**
   * Sets a project's retention in days, or for ever; older telemetry is
   * deleted within minutes, for good. The list shows the value in force.
   */
  changeRetention: procedure
    .input(z.strictObject({ project: Project, retentionDays: RetentionDays }))
    .mutation(({ ctx, input: { project, retentionDays } }) => setRetention(ctx.state, project, retentionDays)),
});
