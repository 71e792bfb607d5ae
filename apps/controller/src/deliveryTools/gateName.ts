import { ProjectName } from "@signalbox/model";
import { z } from "zod";

/** The path parameter of a gate: the name of its policy. */
export const GatePath = z.object({ gate: z.string().min(1).max(63) });

/** The project in a query, optional; a key's own project is the default. */
export const ProjectQuery = { project: ProjectName.optional() };
