import { createSerializer, parseAsString } from "nuqs";

/** The URL parameter of the console's project; it is left out for the project of data sent without a key. */
export const PROJECT_PARAM = { project: parseAsString.withDefault("default") };

/** Builds a link within a project: `projectLink("/traces", { project })`. */
export const projectLink = createSerializer(PROJECT_PARAM);
