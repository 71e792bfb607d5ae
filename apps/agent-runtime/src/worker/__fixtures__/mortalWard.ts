import { serveWard } from "../ward/serveWard.ts";
import { aMortalRunner } from "./mortalRunner.ts";

/** A ward that dies of poison. */
serveWard(async () => ({ runner: aMortalRunner(process.env.DATABASE_URL ?? ""), leave: () => undefined, close: async () => undefined }));
