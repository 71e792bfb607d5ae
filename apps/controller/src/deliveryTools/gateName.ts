import { ProjectName } from "@signalbox/model";
import { z } from "zod";

/** A gate as a path names it: the name of its policy. */
export const GatePath = z.object({ gate: z.string().min(1).max(63) });

/** The project that a query may name; a key's own where it names none. */
export const ProjectQuery = { project: ProjectName.optional() };
