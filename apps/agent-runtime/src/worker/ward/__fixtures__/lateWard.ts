import { once } from "node:events";
import { createPrisma } from "@signalbox/db/prisma";
import { aRunner } from "../../../testing/stage.ts";
import { serveWard } from "../serveWard.ts";

/**
 * A ward's process that has just opened its stores (none of which exists) when another message follows its first suspect. It reports what
 * it gives up as it leaves.
 */
serveWard(async () => {
  await once(process, "message");
  const leave = (): void => void process.send?.({ kind: "given up" });
  return { runner: aRunner(createPrisma("postgresql://127.0.0.1:1/nobody")), leave, close: async () => undefined };
});
