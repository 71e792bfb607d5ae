import { parseAsStringLiteral } from "nuqs";
import { PROJECT_PARAM, projectLink } from "../../project/projectParam.ts";

/** The URL parameters of a queue's page. */
export const QUEUE_PARAMS = { ...PROJECT_PARAM, view: parseAsStringLiteral(["label", "disagreements"]).withDefault("label") };

export const queueLink = (id: string, project: string): string => projectLink(`/annotations/${id}`, { project });
