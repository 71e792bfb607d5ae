import { join } from "node:path";
import { keptSecret } from "@signalbox/db/embedded";
import { admitSecret, createPrisma } from "@signalbox/db/prisma";
import { DEFAULT_PROJECT, NewApiKey, newKeyCredentials, secretEnding } from "@signalbox/model";
import type { Config } from "../config.ts";
import { onStore } from "./onStore.ts";
import type { Step } from "./part.ts";
import { SCHEMAS } from "./parts.ts";
import type { StoreUrls } from "./stores.ts";

/** The key that the reference agent shows the collector, made once per data folder; undefined where none is needed. */
export function agentKeyOf({ dataDir, isKeyRequired }: Config): string | undefined {
  return isKeyRequired ? keptSecret(join(dataDir, "agent.key"), () => newKeyCredentials("token").secret) : undefined;
}

/** Lets the reference agent's key in. A revoked one stays revoked: whoever wants the agent back deletes the file. */
export function agentKeySteps(config: Config, stores: StoreUrls): Step[] {
  const secret = agentKeyOf(config);
  if (secret === undefined) return [];
  const name = `reference agent …${secretEnding(secret)}`;
  const wanted = NewApiKey.parse({ project: DEFAULT_PROJECT, name });
  return [
    {
      kind: "step",
      name: "agent key",
      needs: [SCHEMAS.postgres],
      run: () =>
        onStore(config, "DATABASE_URL", async () => {
          await using prisma = createPrisma(stores.DATABASE_URL, { connectionsMax: 1 });
          await admitSecret(prisma, wanted, secret, new Date());
        }),
    },
  ];
}
