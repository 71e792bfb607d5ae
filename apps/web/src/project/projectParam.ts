import { createSerializer, parseAsString } from "nuqs";

/** The project whose telemetry the console shows, as the URL says it; the project that data without a key belongs to is left out. */
export const PROJECT_PARAM = { project: parseAsString.withDefault("default") };

/** A link within a project: `projectLink("/traces", { project })`. */
export const projectLink = createSerializer(PROJECT_PARAM);
