import { z } from "zod";

/** The project that data without a key belongs to. It exists in every installation. */
export const DEFAULT_PROJECT = "default";

/** Where it is kept, where keys are required, what came without one and would be lost otherwise. */
export const QUARANTINE_PROJECT = "quarantine";

const Name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "a name has 1 to 63 lower-case letters, digits and hyphens, and begins with a letter or digit");

/** A project's name is its identity: it stands in every row of its telemetry, so it never changes. */
export const ProjectName = Name;

/** Where an agent runs, as telemetry says it in `deployment.environment.name`. */
const EnvironmentName = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/, "an environment has 1 to 63 letters, digits, dots, hyphens and underscores");

const Environments = z
  .array(EnvironmentName)
  .min(1)
  .max(20)
  .refine((names) => new Set(names).size === names.length, "each environment is named once");

/** The most days that a project can be told to keep its telemetry. A century: beyond it, for ever is meant. */
export const RETENTION_DAYS_MAX = 36_500;

/**
 * For how many whole days (UTC), besides today, a project's telemetry is kept; null is for ever, as it is unless somebody says otherwise.
 */
export const RetentionDays = z.int().min(1).max(RETENTION_DAYS_MAX).nullable();

/** What a new project is made of. An organisation that is not there yet is made with it. */
export const NewProject = z.strictObject({
  name: ProjectName,
  organisation: Name.default("default"),
  environments: Environments.default(["production"]),
});
export type NewProject = z.infer<typeof NewProject>;

/**
 * A room of its own for the telemetry of one product: keys open it, and
 * nothing of one project is shown in another. Times are ISO 8601, UTC.
 */
export const Project = NewProject.extend({ environments: Environments, createdAt: z.iso.datetime() });
export type Project = z.infer<typeof Project>;
