import { type ClickHouseClient, createScoreLedger, createTraceStore, insertScores } from "@signalbox/db/clickhouse";
import type { PrismaClient } from "@signalbox/db/prisma";
import type { FindAsk } from "@signalbox/evals";
import { type Loop, openLoop } from "@signalbox/listener";
import type { Logger } from "pino";
import type { Counter } from "prom-client";
import { lookRound } from "./lookRound.ts";
import { openScoreRounds } from "./scoreRounds.ts";

/** Dependencies of the loops. `clock` returns milliseconds since 1970; `outcomes` counts traces by outcome. */
export type OnlineScoringParts = {
  prisma: PrismaClient;
  clickhouse: ClickHouseClient;
  readableUntilMs: () => Promise<number | null>;
  findAsk: FindAsk;
  clock: () => number;
  log: Logger;
  pauseMs: number;
  outcomes: Counter<"project" | "state">;
};

/**
 * Scores finished traces by the rules of their projects. One loop enters them into the ledger, the other works it off, so that a slow judge
 * does not delay entries.
 */
export function openOnlineScoringLoops(parts: OnlineScoringParts): Loop[] {
  const { clickhouse, log, pauseMs } = parts;
  const ledger = createScoreLedger(clickhouse);
  const traces = createTraceStore(clickhouse);
  const insert: Parameters<typeof openScoreRounds>[0]["insert"] = (scores, token) => insertScores(clickhouse, scores, token);
  const scoring = openScoreRounds({ ...parts, ledger, traces, insert });
  const rounds = openLoop("online scoring: score", pauseMs, log, scoring.round);
  return [
    openLoop("online scoring: look", pauseMs, log, () => lookRound({ ...parts, ledger })),
    { close: async () => void (await Promise.all([scoring.close(), rounds.close()])) },
  ];
}
