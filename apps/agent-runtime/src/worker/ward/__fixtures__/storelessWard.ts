import { serveWard } from "../serveWard.ts";

/** A ward's process whose stores do not exist. */
serveWard(() => Promise.reject(new Error("there is no store")));
