import { serveWard } from "../serveWard.ts";

/** A ward's process whose stores are not there. */
serveWard(() => Promise.reject(new Error("there is no store")));
