import { AppError, IntakeRules, type NewProject, Project } from "@signalbox/model";
import type { Prisma, PrismaClient } from "./generated/client.ts";
import { askStateStore } from "./stateStore.ts";

/** A project in a list, with how many of its keys work. */
export type ListedProject = Project & { workingKeys: number };

function toProject({ name, organisation, environments, createdAt }: Prisma.ProjectRowGetPayload<object>): Project {
  return Project.parse({ name, organisation, environments, createdAt: createdAt.toISOString() });
}

/** Makes a project, and its organisation if that is not there. Throws `conflict` if the name is taken. */
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

/** Up to `rowsMax` projects, by organisation and name. */
export async function listProjects(prisma: PrismaClient, rowsMax: number): Promise<ListedProject[]> {
  const rows = await askStateStore(() =>
    prisma.projectRow.findMany({
      include: { _count: { select: { keys: { where: { revokedAt: null } } } } },
      orderBy: [{ organisation: "asc" }, { name: "asc" }],
      take: rowsMax,
    }),
  );
  return rows.map(({ _count, ...row }) => ({ ...toProject(row), workingKeys: _count.keys }));
}

/** Throws `not_found` unless there is a project of that name. */
export async function requireProject(prisma: PrismaClient, name: string): Promise<void> {
  const row = await askStateStore(() => prisma.projectRow.findUnique({ where: { name }, select: { name: true } }));
  if (row === null) throw projectNotFound(name);
}

/** What is redacted and sampled in each project, by its name. */
export async function listIntakeRules(prisma: PrismaClient): Promise<Map<string, IntakeRules>> {
  const rows = await askStateStore(() => prisma.projectRow.findMany());
  return new Map(rows.map((row) => [row.name, toIntakeRules(row)]));
}

/** Changes what is redacted, or sampled, in a project; what is not given stays. Throws `not_found` without such a project. */
export async function changeIntakeRules(prisma: PrismaClient, name: string, rules: Partial<IntakeRules>): Promise<IntakeRules> {
  const data = {
    ...(rules.redaction === undefined ? {} : { redaction: rules.redaction }),
    ...(rules.sampling === undefined ? {} : { headSamplingShare: rules.sampling.headShare }),
  };
  const [row] = await askStateStore(() => prisma.projectRow.updateManyAndReturn({ where: { name }, data }));
  if (row === undefined) throw projectNotFound(name);
  return toIntakeRules(row);
}

function toIntakeRules({ redaction, headSamplingShare }: Prisma.ProjectRowGetPayload<object>): IntakeRules {
  return IntakeRules.parse({ redaction, sampling: { headShare: headSamplingShare } });
}

function projectNotFound(name: string): AppError {
  return new AppError("not_found", `There is no project ${name}.`, { hint: "`./signalbox project list` shows those that there are." });
}
