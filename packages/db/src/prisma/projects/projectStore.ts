import { isDeepStrictEqual } from "node:util";
import { AppError, DEFAULT_PROJECT, IntakeRules, type NewProject, newId, Project, type TailSampling } from "@signalbox/model";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";

/** A project in a list, with its number of working keys, and its retention in days (null is for ever). */
export type ListedProject = Project & { workingKeys: number; retentionDays: number | null };

/** A recorded change of a project's rules. `changedAt` is ISO 8601, UTC. */
export type RulesChange = { changedAt: string; actor: string; before: IntakeRules; after: IntakeRules };

type ProjectRow = Prisma.ProjectRowGetPayload<object>;

function toProject({ name, organisation, environments, createdAt }: ProjectRow): Project {
  return Project.parse({ name, organisation, environments, createdAt: createdAt.toISOString() });
}

/** Creates a project, and its organisation if that is missing. Throws `conflict` if the name is taken. */
export async function createProject(prisma: PrismaClient, project: NewProject, now: Date): Promise<Project> {
  const { name, organisation, environments } = project;
  const made = await askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      await transaction.organisation.createMany({ data: [{ name: organisation, createdAt: now }], skipDuplicates: true });
      return transaction.projectRow.createMany({ data: [{ name, organisation, environments, createdAt: now }], skipDuplicates: true });
    }),
  );
  if (made.count === 0)
    throw new AppError("conflict", `There is a project ${name} already.`, { hint: "Choose another name: one name means one project." });
  return Project.parse({ name, organisation, environments, createdAt: now.toISOString() });
}

/**
 * Deletes a project's keys, so that collectors accept nothing more for it once they have
 * noticed. Throws `not_found`, and `conflict` for the project of data without a key.
 */
export async function closeProject(prisma: PrismaClient, name: string): Promise<void> {
  if (name === DEFAULT_PROJECT)
    throw new AppError("conflict", `The project ${name} stays: what comes without a key belongs to it.`, {
      hint: "Erase single traces, users or sessions of it with ./signalbox erase.",
    });
  await requireProject(prisma, name);
  await askStateStore(() => prisma.apiKeyRow.deleteMany({ where: { project: name } }));
}

/** Deletes a closed project, with its rules and views. */
export async function deleteProject(prisma: PrismaClient, name: string): Promise<void> {
  await askStateStore(() => prisma.projectRow.deleteMany({ where: { name } }));
}

/** Up to `rowsMax` projects, by organisation and name. */
export async function listProjects(prisma: PrismaClient, rowsMax: number): Promise<ListedProject[]> {
  const rows = await askStateStore(() =>
    prisma.projectRow.findMany({
      include: { _count: { select: { keys: { where: { revokedAt: null } } } } },
      orderBy: [{ organisation: "asc" }, { name: "asc" }],
      take: rowsMax,
    }),
  );
  return rows.map(({ _count, ...row }) => ({ ...toProject(row), workingKeys: _count.keys, retentionDays: row.retentionDays }));
}

/** Throws `not_found` unless there is a project of that name. */
export async function requireProject(prisma: PrismaClient, name: string): Promise<void> {
  const row = await askStateStore(() => prisma.projectRow.findUnique({ where: { name }, select: { name: true } }));
  if (row === null) throw projectNotFound(name);
}

/** The redaction and sampling rules of each project, by its name. */
export async function listIntakeRules(prisma: PrismaClient): Promise<Map<string, IntakeRules>> {
  const rows = await askStateStore(() => prisma.projectRow.findMany());
  return new Map(rows.map((row) => [row.name, toIntakeRules(row)]));
}

/** One project's rules. Throws `not_found`. */
export async function readIntakeRules(prisma: PrismaClient, name: string): Promise<IntakeRules> {
  const row = await askStateStore(() => prisma.projectRow.findUnique({ where: { name } }));
  if (row === null) throw projectNotFound(name);
  return toIntakeRules(row);
}

/**
 * Changes a project's redaction or sampling, and records that `actor` did;
 * absent fields stay as they are. Throws `not_found` without such a project.
 */
export async function changeIntakeRules(
  prisma: PrismaClient,
  name: string,
  change: Partial<IntakeRules>,
  { actor, now }: { actor: string; now: Date },
): Promise<IntakeRules> {
  return askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      // Serialises concurrent changes, so that each record begins where the one before it ended.
      await transaction.$queryRaw`SELECT 1 FROM project WHERE name = ${name} FOR UPDATE`;
      const row = await transaction.projectRow.findUnique({ where: { name } });
      if (row === null) throw projectNotFound(name);
      const before = toIntakeRules(row);
      const after = { ...before, ...change };
      if (isDeepStrictEqual(before, after)) return before;
      const { redaction, sampling } = after;
      await transaction.projectRow.update({
        where: { name },
        data: {
          redaction,
          headSamplingShare: sampling.headShare,
          tailSampling: sampling.tail ?? Prisma.DbNull,
          ...tailSinceOf(before, after, now),
        },
      });
      await transaction.rulesChangeRow.create({ data: { id: newId(), project: name, changedAt: now, actor, before, after } });
      return after;
    }),
  );
}

/** Traces from before tail sampling was switched on are not judged. */
function tailSinceOf(before: IntakeRules, after: IntakeRules, now: Date): { tailSamplingSince?: Date | null } {
  if (after.sampling.tail === null) return { tailSamplingSince: null };
  return before.sampling.tail === null ? { tailSamplingSince: now } : {};
}

/** The projects with tail sampling, and since when. */
export async function listTailSampling(prisma: PrismaClient): Promise<{ project: string; tail: TailSampling; since: Date }[]> {
  const rows = await askStateStore(() => prisma.projectRow.findMany({ where: { tailSamplingSince: { not: null } } }));
  return rows.flatMap((row) => {
    const { tail } = toIntakeRules(row).sampling;
    return tail === null || row.tailSamplingSince === null ? [] : [{ project: row.name, tail, since: row.tailSamplingSince }];
  });
}

/** Sets a project's retention in days, or for ever (null). Throws `not_found`. */
export async function setRetention(prisma: PrismaClient, name: string, retentionDays: number | null): Promise<void> {
  const { count } = await askStateStore(() => prisma.projectRow.updateMany({ where: { name }, data: { retentionDays } }));
  if (count === 0) throw projectNotFound(name);
}

/** The projects with a limited retention, in days. */
export async function listRetention(prisma: PrismaClient): Promise<{ project: string; days: number }[]> {
  const rows = await askStateStore(() => prisma.projectRow.findMany({ where: { retentionDays: { not: null } }, orderBy: { name: "asc" } }));
  return rows.flatMap(({ name, retentionDays }) => (retentionDays === null ? [] : [{ project: name, days: retentionDays }]));
}

/** The last `rowsMax` changes of a project's rules, latest first. Throws `not_found` without such a project. */
export async function listRulesChanges(prisma: PrismaClient, name: string, rowsMax: number): Promise<RulesChange[]> {
  await requireProject(prisma, name);
  const rows = await askStateStore(() =>
    prisma.rulesChangeRow.findMany({ where: { project: name }, orderBy: [{ changedAt: "desc" }, { id: "desc" }], take: rowsMax }),
  );
  return rows.map(({ changedAt, actor, before, after }) => ({
    changedAt: changedAt.toISOString(),
    actor,
    before: IntakeRules.parse(before),
    after: IntakeRules.parse(after),
  }));
}

function toIntakeRules({ redaction, headSamplingShare, tailSampling }: ProjectRow): IntakeRules {
  return IntakeRules.parse({ redaction, sampling: { headShare: headSamplingShare, tail: tailSampling } });
}

function projectNotFound(name: string): AppError {
  return new AppError("not_found", `There is no project ${name}.`, { hint: "`./signalbox project list` shows those that there are." });
}
