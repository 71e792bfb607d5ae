import { portsAt } from "@signalbox/model";
import { isDatabaseReady } from "../../prisma/isDatabaseReady.ts";
import { loadCredentials } from "../credentials.ts";

/** The owner of the embedded cluster. */
export const POSTGRES_USER = "signalbox";

/** The `DATABASE_URL` of the embedded PostgreSQL of a data folder. */
export function embeddedDatabaseUrl(dataDir: string, portOffset: number): string {
  return `postgresql://${POSTGRES_USER}:${loadCredentials(dataDir).postgres}@127.0.0.1:${portsAt(portOffset).postgres}/signalbox`;
}

/** Whether the server of a `DATABASE_URL` accepts connections. The database itself may not exist yet. */
export async function isPostgresReady(databaseUrl: string): Promise<boolean> {
  const url = new URL(databaseUrl);
  url.pathname = "/postgres";
  return isDatabaseReady(url.href);
}
