import {
  ArrayColumn,
  type Column,
  encodeBlock,
  FixedColumn,
  LowCardinalityColumn,
  MapColumn,
  NullableColumn,
  StringColumn,
} from "../native/index.ts";

/** The widths of ids and times in the table `spans`, in bytes. */
const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
const TIME_BYTES = 8;

/**
 * Rows for the table `spans` in columns, which ClickHouse accepts without parsing
 * (clickhouse/migrations documents each column); all columns are filled in step, one value per row. Ids
 * are bytes, times nanoseconds since 1970, `receivedAt` microseconds, costs billionths of a US dollar.
 */
export class SpanBlock {
  readonly project = new LowCardinalityColumn();
  readonly traceId = new FixedColumn(`FixedString(${TRACE_ID_BYTES})`, TRACE_ID_BYTES);
  readonly spanId = new FixedColumn(`FixedString(${SPAN_ID_BYTES})`, SPAN_ID_BYTES);
  readonly parentSpanId = new FixedColumn(`FixedString(${SPAN_ID_BYTES})`, SPAN_ID_BYTES);
  readonly name = new StringColumn();
  readonly kind = new LowCardinalityColumn();
  readonly service = new LowCardinalityColumn();
  readonly startTime = new FixedColumn("DateTime64(9, 'UTC')", TIME_BYTES);
  readonly endTime = new FixedColumn("DateTime64(9, 'UTC')", TIME_BYTES);
  readonly status = new LowCardinalityColumn();
  readonly statusMessage = new StringColumn();
  readonly operation = new LowCardinalityColumn();
  readonly provider = new LowCardinalityColumn();
  readonly model = new LowCardinalityColumn();
  readonly agent = new LowCardinalityColumn();
  readonly systemMessages = new StringColumn();
  readonly inputMessages = new StringColumn();
  readonly outputMessages = new StringColumn();
  readonly toolName = new LowCardinalityColumn();
  readonly toolCallId = new StringColumn();
  readonly toolArguments = new StringColumn();
  readonly toolResult = new StringColumn();
  readonly inputTokens = new NullableColumn("UInt32", 4);
  readonly outputTokens = new NullableColumn("UInt32", 4);
  readonly cachedTokens = new NullableColumn("UInt32", 4);
  readonly reasoningTokens = new NullableColumn("UInt32", 4);
  readonly usageIsEstimate = new FixedColumn("Bool", 1);
  readonly costUsd = new NullableColumn("Decimal(18, 9)", 8);
  readonly costIsEstimate = new FixedColumn("Bool", 1);
  readonly session = new StringColumn();
  readonly user = new StringColumn();
  readonly tags = new ArrayColumn();
  readonly promptName = new LowCardinalityColumn();
  readonly promptVersion = new LowCardinalityColumn();
  readonly release = new LowCardinalityColumn();
  readonly environment = new LowCardinalityColumn();
  readonly variant = new LowCardinalityColumn();
  readonly dialect = new LowCardinalityColumn();
  readonly attributes = new MapColumn();
  readonly resourceAttributes = new MapColumn();
  readonly scope = new LowCardinalityColumn();
  readonly events = new StringColumn();
  readonly links = new StringColumn();
  readonly receivedAt = new FixedColumn("DateTime64(6, 'UTC')", TIME_BYTES);
  readonly source = new LowCardinalityColumn();
  #rows = 0;

  get rows(): number {
    return this.#rows;
  }

  /** Ends a row: every column has its value. */
  endRow(): void {
    this.#rows += 1;
  }

  get columnNames(): string[] {
    return Object.keys(this.#columns);
  }

  /** The approximate size of the block, in bytes. */
  get bytes(): number {
    let bytes = 0;
    for (const column of this.#all) bytes += column.bytes;
    return bytes;
  }

  /** The block in Native format, in pieces that stay valid until `clear`. */
  encode(): Buffer[] {
    return encodeBlock(this.#columns, this.#rows);
  }

  clear(): void {
    this.#rows = 0;
    for (const column of this.#all) column.clear();
  }

  /** The columns by their names in the table. */
  readonly #columns: Readonly<Record<string, Column>> = Object.fromEntries(
    Object.entries(this).map(([property, column]) => [property.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), column]),
  );
  readonly #all: readonly Column[] = Object.values(this.#columns);
}
