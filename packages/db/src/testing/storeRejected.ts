import type { RejectedRecord } from "@signalbox/model";
import { type ClickHouseClient, columnsOf, rejectedRow } from "../clickhouse/index.ts";

/** Stores rejected records like a collector, each received at its time (microseconds since 1970). */
export async function storeRejected(
  clickhouse: ClickHouseClient,
  rows: readonly { rejected: RejectedRecord; receivedAtUs: number }[],
): Promise<void> {
  const values = rows.map(({ rejected, receivedAtUs }) => JSON.parse(rejectedRow(rejected, receivedAtUs).json) as unknown[]);
  const [first, ...others] = columnsOf("rejected");
  if (first === undefined) return;
  await clickhouse.insert({ table: "rejected", values, columns: [first, ...others], format: "JSONCompactEachRow" });
}
