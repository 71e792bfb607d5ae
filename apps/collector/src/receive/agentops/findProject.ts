import { KEYLESS_PROJECT } from "../keylessProject.ts";

/** The project that a key belongs to, or null for a key that nobody has. */
export type FindProject = (key: string) => Promise<string | null>;

/** Without keys every key will do. */
export const keylessProject: FindProject = async () => KEYLESS_PROJECT;
