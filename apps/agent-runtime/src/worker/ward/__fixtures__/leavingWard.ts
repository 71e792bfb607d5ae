import { createPrisma } from "@signalbox/db/prisma";
import { aRunner } from "../../../testing/stage.ts";
import { serveWard } from "../serveWard.ts";

/** A ward's process, none of whose stores is there. It reports what it gives up as it leaves. */
serveWard(async () => {
  const leave = (): void => void process.send?.({ kind: "given up" }, undefined, undefined, () => undefined);
  return { runner: aRunner(createPrisma("postgresql://127.0.0.1:1/nobody")), leave, close: async () => undefined };
});
