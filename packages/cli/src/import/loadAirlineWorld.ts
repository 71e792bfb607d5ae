import { createPrisma, loadWorld } from "@signalbox/db/prisma";
import { type AirlineData, airlineDataDigest } from "@signalbox/model";
import { type Patience, withRetries } from "./withRetries.ts";

/** Loads airline data as a world unless it exists, and returns its id: the digest of the data, so that other data is another world. */
export async function loadAirlineWorld(databaseUrl: string, data: AirlineData, patience: Patience): Promise<string> {
  const world = airlineDataDigest(data);
  await using prisma = createPrisma(databaseUrl, { connectionsMax: 1 });
  await withRetries("state store", patience, () => loadWorld(prisma, world, data));
  return world;
}
