import { join, resolve } from "node:path";
import { AppError, DataDir, LogLevel, PortOffset, portsAt, readEnvironment, tlsFilesIn } from "@signalbox/model";
import { z } from "zod";
import type { TlsSource } from "./receive/tls/index.ts";

const MIB = 1024 * 1024;

const Env = z.object({
  CLICKHOUSE_URL: z.url({ protocol: /^https?$/ }),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  SIGNALBOX_DATA_DIR: DataDir.default(resolve(import.meta.dirname, "../../../.signalbox")),
  SIGNALBOX_PORT_OFFSET: PortOffset,
  SIGNALBOX_LOG_LEVEL: LogLevel,
  SIGNALBOX_COLLECTOR_KEY_REQUIRED: z.stringbool().default(false),
  SIGNALBOX_COLLECTOR_JOURNAL_BYTES_MAX: z.coerce
    .number()
    .int()
    .min(MIB)
    .default(2_048 * MIB),
  // Even with the last group of requests in it, a segment is no larger than a batch, and so makes one insert.
  SIGNALBOX_COLLECTOR_SEGMENT_BYTES: z.coerce
    .number()
    .int()
    .min(4_096)
    .default(48 * MIB),
  SIGNALBOX_COLLECTOR_BODIES_BYTES_MAX: z.coerce
    .number()
    .int()
    .min(MIB)
    .default(256 * MIB),
  // Both are shorter than the ten seconds that an SDK waits for an answer (OTLP exporter specification).
  SIGNALBOX_COLLECTOR_PACE_MS_MAX: z.coerce.number().int().min(0).max(8_000).default(2_000),
  SIGNALBOX_COLLECTOR_GRPC_HOLD_MS_MAX: z.coerce.number().int().min(0).max(60_000).default(8_000),
  SIGNALBOX_COLLECTOR_BATCH_BYTES: z.coerce
    .number()
    .int()
    .min(1_024)
    .default(64 * MIB),
  SIGNALBOX_COLLECTOR_BATCH_AGE_MS: z.coerce.number().int().min(0).default(200),
  SIGNALBOX_CLICKHOUSE_HANDOVER: z.string().optional(),
  SIGNALBOX_CLOCK_SHIFT_FILE: z.string().optional(),
  SIGNALBOX_TLS_CERT: z.string().optional(),
  SIGNALBOX_TLS_KEY: z.string().optional(),
});

/** The one reader of the environment. Throws `infrastructure` with a message that names the wrong setting. */
export function loadConfig(env: NodeJS.ProcessEnv) {
  const values = readEnvironment(Env, env, "the collector");
  const ports = portsAt(values.SIGNALBOX_PORT_OFFSET);
  return {
    port: ports.otlpHttp,
    grpcPort: ports.otlpGrpc,
    tlsPort: ports.otlpTls,
    tls: tlsSourceOf(values),
    logLevel: values.SIGNALBOX_LOG_LEVEL,
    clickhouseUrl: values.CLICKHOUSE_URL,
    handoverFolder: values.SIGNALBOX_CLICKHOUSE_HANDOVER,
    databaseUrl: values.DATABASE_URL,
    clockShiftFile: values.SIGNALBOX_CLOCK_SHIFT_FILE,
    isKeyRequired: values.SIGNALBOX_COLLECTOR_KEY_REQUIRED,
    bodiesBytesMax: values.SIGNALBOX_COLLECTOR_BODIES_BYTES_MAX,
    paceMsMax: values.SIGNALBOX_COLLECTOR_PACE_MS_MAX,
    grpcHoldMsMax: values.SIGNALBOX_COLLECTOR_GRPC_HOLD_MS_MAX,
    journal: {
      folder: join(values.SIGNALBOX_DATA_DIR, "journal"),
      segmentBytes: values.SIGNALBOX_COLLECTOR_SEGMENT_BYTES,
      bytesMax: values.SIGNALBOX_COLLECTOR_JOURNAL_BYTES_MAX,
    },
    batch: { batchBytes: values.SIGNALBOX_COLLECTOR_BATCH_BYTES, batchAgeMs: values.SIGNALBOX_COLLECTOR_BATCH_AGE_MS },
  };
}

function tlsSourceOf({ SIGNALBOX_TLS_CERT: cert, SIGNALBOX_TLS_KEY: key, SIGNALBOX_DATA_DIR }: z.infer<typeof Env>): TlsSource {
  if (cert !== undefined && key !== undefined) return { kind: "given", cert, key };
  if (cert === undefined && key === undefined) return { kind: "own", files: tlsFilesIn(SIGNALBOX_DATA_DIR) };
  const [set, unset] = cert === undefined ? ["SIGNALBOX_TLS_KEY", "SIGNALBOX_TLS_CERT"] : ["SIGNALBOX_TLS_CERT", "SIGNALBOX_TLS_KEY"];
  throw new AppError("infrastructure", `${set} is set and ${unset} is not: a certificate and its key go together.`);
}

export type Config = ReturnType<typeof loadConfig>;
