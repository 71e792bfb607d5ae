import { join } from "node:path";
import { keptSecret } from "@signalbox/db/embedded";
import { admitSecret, createPrisma, createProject, type PrismaClient } from "@signalbox/db/prisma";
import { AppError, DEFAULT_PROJECT, NewApiKey, NewProject, newKeyCredentials, QUARANTINE_PROJECT, secretEnding } from "@signalbox/model";
import type { Config } from "../config.ts";
import { onStore } from "./onStore.ts";
import type { Step } from "./part.ts";
import { SCHEMAS } from "./parts.ts";
import type { StoreUrls } from "./stores.ts";

/** The key that the reference agent shows the collector, made once per data folder; undefined where none is needed. */
export function agentKeyOf({ dataDir, isKeyRequired }: Config): string | undefined {
  return isKeyRequired ? keptSecret(join(dataDir, "agent.key"), () => newKeyCredentials("token").secret) : undefined;
}

/** What a Signalbox needs where keys are required: a key of its own for the reference agent, and a project for what came without one. */
export function keySteps(config: Config, stores: StoreUrls): Step[] {
  const secret = agentKeyOf(config);
  if (secret === undefined) return [];
  const run = () =>
    onStore(config, "DATABASE_URL", async () => {
      await using prisma = createPrisma(stores.DATABASE_URL, { connectionsMax: 1 });
      await letAgentIn(prisma, secret);
      await makeQuarantine(prisma);
    });
  return [{ kind: "step", name: "keys", needs: [SCHEMAS.postgres], run }];
}

/** A key that was revoked stays revoked: whoever wants the agent back deletes the file. */
async function letAgentIn(prisma: PrismaClient, secret: string): Promise<void> {
  const name = `reference agent …${secretEnding(secret)}`;
  await admitSecret(prisma, NewApiKey.parse({ project: DEFAULT_PROJECT, name }), secret, new Date());
}

async function makeQuarantine(prisma: PrismaClient): Promise<void> {
  await createProject(prisma, NewProject.parse({ name: QUARANTINE_PROJECT }), new Date()).catch((error: unknown) => {
    if (!(error instanceof AppError && error.code === "conflict")) throw error;
  });
}
