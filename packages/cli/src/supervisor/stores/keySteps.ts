import { readFileSync } from "node:fs";
import { join } from "node:path";
import { keptSecret } from "@signalbox/db/embedded";
import { admitSecret, createPrisma, createProject, type PrismaClient } from "@signalbox/db/prisma";
import {
  AppError,
  DEFAULT_PROJECT,
  type KeyScope,
  NewApiKey,
  NewProject,
  newKeyCredentials,
  QUARANTINE_PROJECT,
  secretEnding,
} from "@signalbox/model";
import type { Config } from "../../config.ts";
import type { Step } from "../parts/part.ts";
import { SCHEMAS } from "../parts/parts.ts";
import { onStore } from "./onStore.ts";
import type { StoreUrls } from "./stores.ts";

/** The key of the reference agent for the collector, created once per data folder; undefined where none is needed. */
export function agentKeyOf({ dataDir, isKeyRequired }: Config): string | undefined {
  return isKeyRequired ? keptSecret(join(dataDir, "agent.key"), () => newKeyCredentials("token").secret) : undefined;
}

/**
 * The key of our own programs on this machine (the demo, an import) for the
 * gateway, created once per data folder; undefined where none is needed.
 */
export function tasksKeyOf({ dataDir, isGatewayKeyRequired }: Config): string | undefined {
  return isGatewayKeyRequired ? keptSecret(join(dataDir, "tasks.key"), () => newKeyCredentials("token").secret) : undefined;
}

/** Where the key is that `status` shows the gateway. */
const operatorKeyFile = ({ dataDir }: Config): string => join(dataDir, "operator.key");

/**
 * The key that `status` shows the gateway to read what it says of all projects; undefined where none was made, as none was needed, and for
 * a user who may not read it.
 */
export function operatorKeyOf(config: Config): string | undefined {
  try {
    return readFileSync(operatorKeyFile(config), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "EACCES")) return undefined;
    throw error;
  }
}

/** The operator's key, made once per data folder; undefined where none is needed. */
function makeOperatorKey(config: Config): string | undefined {
  return config.isGatewayKeyRequired ? keptSecret(operatorKeyFile(config), () => newKeyCredentials("token").secret) : undefined;
}

/**
 * The steps of a Signalbox that requires keys: they create keys for the reference agent,
 * for its clients and for `status`, and a project for data without a key.
 */
export function keySteps(config: Config, stores: StoreUrls): Step[] {
  const [agentKey, tasksKey, operatorKey] = [agentKeyOf(config), tasksKeyOf(config), makeOperatorKey(config)];
  if (agentKey === undefined && tasksKey === undefined) return [];
  const run = () =>
    onStore(config, "DATABASE_URL", async () => {
      await using prisma = createPrisma(stores.DATABASE_URL, { connectionsMax: 1 });
      if (tasksKey !== undefined) await letIn(prisma, "own tasks", "run", tasksKey);
      if (operatorKey !== undefined) await letIn(prisma, "status", "admin", operatorKey);
      if (agentKey === undefined) return;
      await letIn(prisma, "reference agent", "ingest", agentKey);
      await makeQuarantine(prisma);
    });
  return [{ kind: "step", name: "keys", needs: [SCHEMAS.postgres], run }];
}

/** A revoked key stays revoked: to let the program in again, delete the file. */
async function letIn(prisma: PrismaClient, program: string, scope: KeyScope, secret: string): Promise<void> {
  const name = `${program} …${secretEnding(secret)}`;
  await admitSecret(prisma, NewApiKey.parse({ project: DEFAULT_PROJECT, name, scopes: [scope] }), secret, new Date());
}

async function makeQuarantine(prisma: PrismaClient): Promise<void> {
  await createProject(prisma, NewProject.parse({ name: QUARANTINE_PROJECT }), new Date()).catch((error: unknown) => {
    if (!(error instanceof AppError && error.code === "conflict")) throw error;
  });
}
