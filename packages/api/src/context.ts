import {
  createClickHouse,
  createDecisionReader,
  createEraseStore,
  createFacetStore,
  createInventory,
  createLedgerReader,
  createOutcomeReader,
  createScoreLedger,
  createScoreReader,
  createSessionStore,
  createTraceStore,
  createTrendStore,
  deleteScore,
  type GivenScore,
  insertScores,
  type LabelCount,
  type LabelScore,
  readScorePage,
  readSessionFeedback,
  readSessionLabels,
  readTraceLabels,
  type ScorePlace,
  type ScoreQuery,
} from "@signalbox/db/clickhouse";
import { type RolloutWindow, readUnits } from "@signalbox/db/gateEvidence";
import { createPrisma, type PrismaClient } from "@signalbox/db/prisma";
import type { GatePolicy, Score } from "@signalbox/model";

/**
 * A part of this installation, by its name for operators; `readyUrl` answers
 * with success once it works, or is the `DATABASE_URL` of a PostgreSQL.
 */
export type Part = { name: string; readyUrl: string };

/**
 * The dependencies of the procedures. `state` is PostgreSQL, and `bulk` the same for acts on very many rows; the others read
 * telemetry. `now` is milliseconds since 1970; `parts` are the other apps of this installation, `otlpUrl` is its OTLP endpoint.
 */
export type Context = {
  traces: ReturnType<typeof createTraceStore>;
  facets: ReturnType<typeof createFacetStore>;
  sessions: ReturnType<typeof createSessionStore>;
  trends: ReturnType<typeof createTrendStore>;
  decisions: ReturnType<typeof createDecisionReader>;
  outcomes: ReturnType<typeof createOutcomeReader>;
  scores: ReturnType<typeof createScoreReader>;
  scorePage: (query: ScoreQuery, after: ScorePlace | null, rowsMax: number) => Promise<GivenScore[]>;
  sessionFeedback: (session: { project: string; session: string; from: Date }) => ReturnType<typeof readSessionFeedback>;
  sessionLabels: (session: { project: string; session: string; from: Date }, labelsMax: number) => Promise<LabelCount[]>;
  traceLabels: (project: string, traceId: string, labelsMax: number) => Promise<LabelScore[]>;
  scoreLedger: ReturnType<typeof createScoreLedger>;
  giveScores: (scores: readonly Score[], token: string) => Promise<void>;
  takeScoreBack: (score: Pick<Score, "project" | "traceId" | "spanId" | "name" | "scorer">) => Promise<void>;
  gateUnits: (window: RolloutWindow, policy: GatePolicy) => ReturnType<typeof readUnits>;
  inventory: ReturnType<typeof createInventory>;
  ledger: ReturnType<typeof createLedgerReader>;
  erasures: ReturnType<typeof createEraseStore>;
  state: PrismaClient;
  bulk: PrismaClient;
  parts: readonly Part[];
  otlpUrl: string;
  now: () => number;
};

/** Limits of a screen's queries on the state store: few, and short (milliseconds). */
const STATE_CONNECTIONS_MAX = 4;
const STATE_ANSWER_MS_MAX = 5_000;

/** Limits of bulk acts: one on a hundred thousand dead letters takes longer than a screen's query, in milliseconds. */
const BULK_CONNECTIONS_MAX = 2;
const BULK_ANSWER_MS_MAX = 120_000;

/** The time limit of an erasure, which rewrites tables. */
const ERASE_MS_MAX = 3_600_000;

/** Opens the stores behind the procedures; disposing the context closes them. Sends no query yet. */
export function createContext(options: {
  clickhouseUrl: string;
  databaseUrl: string;
  otlpUrl: string;
  parts: readonly Part[];
}): Context & AsyncDisposable {
  const clickhouse = createClickHouse(options.clickhouseUrl);
  const erasing = createClickHouse(options.clickhouseUrl, { requestTimeoutMs: ERASE_MS_MAX });
  const state = createPrisma(options.databaseUrl, { connectionsMax: STATE_CONNECTIONS_MAX, answerMsMax: STATE_ANSWER_MS_MAX });
  const bulk = createPrisma(options.databaseUrl, { connectionsMax: BULK_CONNECTIONS_MAX, answerMsMax: BULK_ANSWER_MS_MAX });
  return {
    traces: createTraceStore(clickhouse),
    facets: createFacetStore(clickhouse),
    sessions: createSessionStore(clickhouse),
    trends: createTrendStore(clickhouse),
    decisions: createDecisionReader(clickhouse),
    outcomes: createOutcomeReader(clickhouse),
    scores: createScoreReader(clickhouse),
    scorePage: (query, after, rowsMax) => readScorePage(clickhouse, query, after, rowsMax),
    sessionFeedback: (session) => readSessionFeedback(clickhouse, session),
    sessionLabels: (session, labelsMax) => readSessionLabels(clickhouse, session, labelsMax),
    traceLabels: (project, traceId, labelsMax) => readTraceLabels(clickhouse, project, traceId, labelsMax),
    scoreLedger: createScoreLedger(clickhouse),
    giveScores: (scores, token) => insertScores(clickhouse, scores, token),
    takeScoreBack: (score) => deleteScore(clickhouse, score),
    gateUnits: (window, policy) => readUnits({ prisma: bulk, clickhouse }, window, policy),
    inventory: createInventory(clickhouse),
    ledger: createLedgerReader(clickhouse),
    erasures: createEraseStore(erasing),
    state,
    bulk,
    parts: options.parts,
    otlpUrl: options.otlpUrl,
    now: Date.now,
    async [Symbol.asyncDispose]() {
      await Promise.all([clickhouse.close(), erasing.close()]);
      await Promise.all([state.$disconnect(), bulk.$disconnect()]);
    },
  };
}
