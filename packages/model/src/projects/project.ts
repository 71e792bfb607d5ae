import { z } from "zod";

/** The project of data that arrives without a key. It exists in every installation. */
export const DEFAULT_PROJECT = "default";

/** The project that keeps data without a key where keys are required, so that it is not lost. */
export const QUARANTINE_PROJECT = "quarantine";

const Name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "a name has 1 to 63 lower-case letters, digits and hyphens, and begins with a letter or digit");

/** A project's name is its identity: it is stored in every row of its telemetry, so it never changes. */
export const ProjectName = Name;

/** The environment in which an agent runs, from the telemetry attribute `deployment.environment.name`. */
const EnvironmentName = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/, "an environment has 1 to 63 letters, digits, dots, hyphens and underscores");

const Environments = z
  .array(EnvironmentName)
  .min(1)
  .max(20)
  .refine((names) => new Set(names).size === names.length, "each environment is named once");

/** The longest retention, in days: a century. */
export const RETENTION_DAYS_MAX = 36_500;

/** The number of whole days (UTC), besides today, for which a project's telemetry is kept; null, the default, keeps it for ever. */
export const RetentionDays = z.int().min(1).max(RETENTION_DAYS_MAX).nullable();

/** The input for a new project. An organisation that does not exist yet is created with it. */
export const NewProject = z.strictObject({
  name: ProjectName,
  organisation: Name.default("default"),
  environments: Environments.default(["production"]),
});
export type NewProject = z.infer<typeof NewProject>;

/** An isolated space for the telemetry of one product: keys open it, and no project shows data of another. Times are ISO 8601, UTC. */
export const Project = NewProject.extend({ environments: Environments, createdAt: z.iso.datetime() });
export type Project = z.infer<typeof Project>;
