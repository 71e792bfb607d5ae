import { z } from "zod";
import { FACET_VALUE_CHARS_MAX } from "../telemetry/traceFilter.ts";
import { ProjectName } from "./project.ts";

/** A longer name does not fit a menu. */
export const SAVED_VIEW_NAME_CHARS_MAX = 80;

const ViewName = z.string().trim().min(1).max(SAVED_VIEW_NAME_CHARS_MAX);

/** What a link to the trace list says (filters, time range, columns): each parameter with its values in their order. */
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

/** What a new view is made of; no two of a project have one name. */
export const NewSavedView = z.strictObject({ project: ProjectName, name: ViewName, params: ViewParams });
export type NewSavedView = z.infer<typeof NewSavedView>;

/** What of a view changes; what is not given stays. Of a project's views at most one is its default, with which the list opens. */
export const SavedViewChange = z.strictObject({
  name: ViewName.optional(),
  params: ViewParams.optional(),
  isDefault: z.boolean().optional(),
});
export type SavedViewChange = z.infer<typeof SavedViewChange>;

/** A state of a project's trace list under a name. Times are ISO 8601, UTC. */
export const SavedView = NewSavedView.extend({
  id: z.uuid(),
  isDefault: z.boolean(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type SavedView = z.infer<typeof SavedView>;
