import { serveWard } from "../serveWard.ts";

/** A ward's process that lives but never becomes ready: opening its stores hangs. */
serveWard(() => new Promise(() => undefined));
