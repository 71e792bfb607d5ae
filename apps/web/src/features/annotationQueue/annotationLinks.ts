import { parseAsStringLiteral } from "nuqs";
import { PROJECT_PARAM, projectLink } from "../../project/projectParam.ts";

/** What a link to a queue's page must reproduce. */
export const QUEUE_PARAMS = { ...PROJECT_PARAM, view: parseAsStringLiteral(["label", "disagreements"]).withDefault("label") };

/** The page of a queue. */
export const queueLink = (id: string, project: string): string => projectLink(`/annotations/${id}`, { project });
