import { memoryRunParts, memoryWorkspace, rowsOfInsert } from "@signalbox/db/testing";
import { tlsFilesIn } from "@signalbox/model";
import { pino } from "pino";
import { type CollectorOptions, startCollector } from "../collector.ts";
import { RulesInForce } from "../rules/index.ts";
import { type Insert, Writer, type WriterOptions } from "../write/index.ts";
import { aFolder } from "./aFolder.ts";

/** A batch that the store of a test collector received: the values of each row by column (ids as hex digits, numbers as stored). */
export interface Stored {
  table: string;
  rows: readonly Record<string, unknown>[];
  token: string;
}

const NO_RUNS: CollectorOptions["runs"] = { find: async () => [], sessions: async () => [], parts: async () => [] };

const NO_FEEDBACK: CollectorOptions["feedback"] = { list: async () => [], remove: async () => {}, forgetPart: async () => false };

type Settings = CollectorOptions["config"];

/**
 * A collector on one thread of this process and on a free port; disposing it deletes its folder. Without an `insert` its store accepts
 * everything and remembers rows in `stored`, and ledger rows in `ledger`.
 */
export async function startTestCollector(
  settings: Partial<Settings["journal"] & Settings["batch"] & Pick<Settings, "bodiesBytesMax" | "isKeyRequired" | "grpcHoldMsMax">> = {},
  insert?: Insert,
  {
    runParts = memoryRunParts(),
    workspace = memoryWorkspace(),
    runs = NO_RUNS,
    feedback = NO_FEEDBACK,
    keySource,
    ruleSource,
    log = pino({ level: "silent" }),
  }: Partial<
    Pick<CollectorOptions, "workspace" | "runs" | "feedback" | "keySource" | "ruleSource" | "log"> & Pick<WriterOptions, "runParts">
  > = {},
) {
  const place = await aFolder();
  const files = tlsFilesIn(place.folder);
  const stored: Stored[] = [];
  const ledger: Stored[] = [];
  const remember: Insert = async (insert) => {
    const inserts = insert.table === "ledger" ? ledger : stored;
    inserts.push({ table: insert.table, rows: rowsOfInsert(insert), token: insert.token });
    return { kind: "stored" };
  };
  const {
    segmentBytes = 1_000_000,
    bytesMax = 200_000_000,
    batchBytes = 1_000_000,
    batchAgeMs = 20,
    bodiesBytesMax = 200_000_000,
    isKeyRequired = false,
    grpcHoldMsMax = 100,
  } = settings;
  const collector = await startCollector({
    config: {
      port: 0,
      grpcPort: 0,
      tlsPort: 0,
      tls: { kind: "own", files },
      isKeyRequired,
      bodiesBytesMax,
      grpcHoldMsMax,
      paceMsMax: 0,
      journal: { folder: place.folder, segmentBytes, bytesMax, ...settings },
      batch: { batchBytes, batchAgeMs },
    },
    startWriter: async (parts) => {
      const rulesInForce = await RulesInForce.open(place.folder, log);
      return new Writer({ ...parts, insert: insert ?? remember, runParts, rulesInForce, batchBytes, batchAgeMs });
    },
    workspace,
    runs,
    feedback,
    keySource,
    ruleSource,
    log,
    clock: Date.now,
  });
  return {
    stored,
    ledger,
    url: `http://127.0.0.1:${collector.port}`,
    port: collector.port,
    grpcUrl: `http://127.0.0.1:${collector.grpcPort}`,
    tlsUrl: `https://127.0.0.1:${collector.tlsPort}`,
    caFile: files.ca,
    async [Symbol.asyncDispose]() {
      await collector.end(1_000);
      await place[Symbol.asyncDispose]();
    },
  };
}
