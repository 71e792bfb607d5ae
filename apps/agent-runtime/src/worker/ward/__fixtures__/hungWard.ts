import { serveWard } from "../serveWard.ts";

/** A ward's process that lives, and is never ready: what it opens does not answer. */
serveWard(() => new Promise(() => undefined));
