import { FacetValue } from "@signalbox/model";
import { z } from "zod";
import { PageDirection } from "../pageDirection.ts";
import { Project } from "../project.ts";
import { TimeRange } from "../timeRange.ts";

const ROWS_MAX = 200;

const OwnerKey = z.strictObject({ id: FacetValue, lastUnixNano: z.string().regex(/^\d{1,19}$/) });

/**
 * The query of a list of sessions or users: a time range, a text `search`
 * contained in the id, and the `cursor` after which the page begins.
 */
export const OwnerList = z.strictObject({
  project: Project,
  range: TimeRange,
  search: FacetValue.or(z.literal("")).default(""),
  limit: z.number().int().min(1).max(ROWS_MAX).default(50),
  cursor: OwnerKey.nullish(),
  direction: PageDirection,
});
