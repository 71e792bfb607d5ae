import { type ClickHouseClient, ClickHouseLogLevel, createClient } from "@clickhouse/client";

export type { ClickHouseClient };

/**
 * A client of a ClickHouse, embedded or not: `http://user:password@host:port/database`.
 * `requestTimeoutMs` ends a hanging query. It logs nothing: failures are thrown. Inserts are durable
 * before they are answered (newer servers default to `async_insert`); 64-bit numbers arrive as strings.
 */
export function createClickHouse(url: string, { requestTimeoutMs = 30_000 }: { requestTimeoutMs?: number } = {}): ClickHouseClient {
  return createClient({
    url,
    application: "signalbox",
    request_timeout: requestTimeoutMs,
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: { async_insert: 0, output_format_json_quote_64bit_integers: 1 },
  });
}
