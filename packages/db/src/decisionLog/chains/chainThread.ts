import { parentPort, workerData } from "node:worker_threads";
import { AppError, errorBody } from "@signalbox/model";
import { type ChainWork, checkInTurn } from "./checkInTurn.ts";
import type { RangeFound } from "./checkRange.ts";

/** What a thread tells: what it found in the range at `at`, or that it cannot go on. */
export type ChainNews = { kind: "range"; at: number; found: RangeFound } | { kind: "failed"; error: ReturnType<typeof errorBody>["error"] };

const tell = (news: ChainNews): void => parentPort?.postMessage(news);
try {
  await checkInTurn(workerData as ChainWork, (at, found) => tell({ kind: "range", at, found }));
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  tell({ kind: "failed", ...errorBody(error) });
}
