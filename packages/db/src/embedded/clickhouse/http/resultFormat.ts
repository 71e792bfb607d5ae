/** The format of a result when neither the statement nor the request names one. */
export const FORMAT_DEFAULT = "TabSeparated";

const CONTENT_TYPES: readonly [pattern: RegExp, contentType: string][] = [
  [/^(JSON.*EachRow.*|NDJSON|JSONLines)$/i, "application/x-ndjson; charset=UTF-8"],
  [/^JSON/i, "application/json; charset=UTF-8"],
  [/^CSVWithNames/i, "text/csv; charset=UTF-8; header=present"],
  [/^CSV/i, "text/csv; charset=UTF-8; header=absent"],
  [/^(TabSeparated|TSV|TSKV)/i, "text/tab-separated-values; charset=UTF-8"],
  [/^XML$/i, "application/xml; charset=UTF-8"],
  [/^(Native|RowBinary|Parquet|ORC|Arrow|Avro|MsgPack|Protobuf|CapnProto|Npy|BSON)/i, "application/octet-stream"],
];

/** The Content-Type of a result in a ClickHouse format. */
export function contentTypeOf(format: string): string {
  return CONTENT_TYPES.find(([pattern]) => pattern.test(format))?.[1] ?? "text/plain; charset=UTF-8";
}
