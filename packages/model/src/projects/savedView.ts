import { z } from "zod";
import { FACET_VALUE_CHARS_MAX } from "../telemetry/traceFilter.ts";
import { ProjectName } from "./project.ts";

/** The longest name that fits a menu. */
export const SAVED_VIEW_NAME_CHARS_MAX = 80;

const ViewName = z.string().trim().min(1).max(SAVED_VIEW_NAME_CHARS_MAX);

/** The query parameters of a link to the trace list (filters, time range, columns), each with its values in order. */
export const ViewParams = z
  .record(
    z.string().regex(/^[a-zA-Z]{1,32}$/),
    z
      .array(z.string().max(FACET_VALUE_CHARS_MAX + 32))
      .min(1)
      .max(100),
  )
  .refine((params) => Object.keys(params).length <= 40, "at most 40 parameters");
export type ViewParams = z.infer<typeof ViewParams>;

/** The input for a new view; names are unique within a project. */
export const NewSavedView = z.strictObject({ project: ProjectName, name: ViewName, params: ViewParams });
export type NewSavedView = z.infer<typeof NewSavedView>;

/** A change of a view; fields left out stay as they are. At most one view of a project is its default, with which the list opens. */
export const SavedViewChange = z.strictObject({
  name: ViewName.optional(),
  params: ViewParams.optional(),
  isDefault: z.boolean().optional(),
});
export type SavedViewChange = z.infer<typeof SavedViewChange>;

/** A named state of a project's trace list. Times are ISO 8601, UTC. */
export const SavedView = NewSavedView.extend({
  id: z.uuid(),
  isDefault: z.boolean(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type SavedView = z.infer<typeof SavedView>;
