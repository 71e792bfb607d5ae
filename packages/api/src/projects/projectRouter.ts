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

/** How many of the last changes of rules are shown. */
const CHANGES_MAX = 5;

/** How long a text may be that rules are tried on, in characters. */
const TRIAL_CHARS_MAX = 100_000;

const builtIn = BUILT_IN_NAMES.map((name) => ({ name, what: BUILT_IN_PATTERNS[name].what }));

export const projectRouter = router({
  /** Every project, by organisation and name. */
  list: procedure.query(({ ctx }) => listProjects(ctx.state, ROWS_MAX)),

  /** Makes a project. */
  create: procedure.input(NewProject).mutation(({ ctx, input }) => createProject(ctx.state, input, new Date(ctx.now()))),

  /** A project's keys without their secrets: those that work first, the newest at the front. */
  keys: procedure
    .input(z.strictObject({ project: Project }))
    .query(({ ctx, input: { project } }) => listApiKeys(ctx.state, project, ROWS_MAX)),

  /** Makes a key. Its secret is in this answer and in no other. */
  createKey: procedure.input(NewApiKey).mutation(({ ctx, input }) => createApiKey(ctx.state, input, new Date(ctx.now()))),

  /** Revokes a key for good. */
  revokeKey: procedure
    .input(z.strictObject({ id: z.uuid() }))
    .mutation(({ ctx, input: { id } }) => revokeApiKey(ctx.state, id, new Date(ctx.now()))),

  /**
   * What of a project's telemetry is redacted and which of its traces are
   * kept, also in words, what could be redacted, and the last changes.
   */
  rules: procedure.input(z.strictObject({ project: Project })).query(async ({ ctx, input: { project } }) => {
    const rules = await readIntakeRules(ctx.state, project);
    const changes = await listRulesChanges(ctx.state, project, CHANGES_MAX);
    return { rules, words: rulesInWords(rules), builtIn, changes: changes.map(({ changedAt, actor }) => ({ changedAt, actor })) };
  }),

  /** What rules would do, in words, and what they make of a text. Changes nothing; a text may be too long for a query. */
  tryRules: procedure
    .input(z.strictObject({ rules: IntakeRules, text: z.string().max(TRIAL_CHARS_MAX) }))
    .mutation(({ input: { rules, text } }) => ({ words: rulesInWords(rules), ...tryRedaction(rules.redaction, "text", text) })),

  /** Changes a project's rules, on record as an act of whom this process runs as: until there are people, that is whose console it is. */
  changeRules: procedure
    .input(z.strictObject({ project: Project, rules: IntakeRules }))
    .mutation(({ ctx, input: { project, rules } }) =>
      changeIntakeRules(ctx.state, project, rules, { actor: userInfo().username, now: new Date(ctx.now()) }),
    ),

  /** Keeps a project's telemetry for so many days, or for ever; what is older goes within minutes, for good. The list says what holds. */
  changeRetention: procedure
    .input(z.strictObject({ project: Project, retentionDays: RetentionDays }))
    .mutation(({ ctx, input: { project, retentionDays } }) => setRetention(ctx.state, project, retentionDays)),
});
