import { join } from "node:path";
import { portsAt } from "@signalbox/model";
import { loadCredentials } from "../credentials.ts";

/** The only user of the embedded ClickHouse. */
export const CLICKHOUSE_USER = "signalbox";

/** The `CLICKHOUSE_URL` of the embedded ClickHouse of a data folder. */
export function embeddedClickHouseUrl(dataDir: string, portOffset: number): string {
  return `http://${CLICKHOUSE_USER}:${loadCredentials(dataDir).clickhouse}@127.0.0.1:${portsAt(portOffset).clickhouse}/signalbox`;
}

/** The folder in which a process of the same data folder leaves an insert's data for the embedded ClickHouse: see `Handover`. */
export function handoverFolder(dataDir: string): string {
  return join(dataDir, "handover");
}

/** Whether the server of a `CLICKHOUSE_URL` answers. Never throws. */
export async function isClickHouseReady(clickhouseUrl: string): Promise<boolean> {
  try {
    const answer = await fetch(new URL("/ping", new URL(clickhouseUrl).origin), { signal: AbortSignal.timeout(2_000) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
