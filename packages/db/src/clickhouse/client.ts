import { type ClickHouseClient, ClickHouseLogLevel, createClient } from "@clickhouse/client";

export type { ClickHouseClient };

/**
 * A client of a ClickHouse, embedded or not: `http://user:password@host:port/database`. `requestTimeoutMs`
 * ends a query that hangs. It logs nothing: what fails is thrown. Inserts are written before they are
 * answered (`async_insert` is the server's default by now), numbers of 64 bits arrive as text.
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
