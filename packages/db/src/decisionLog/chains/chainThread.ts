import { parentPort, workerData } from "node:worker_threads";
import { AppError, errorBody } from "@signalbox/model";
import { type ChainWork, checkInTurn, type RangeNews } from "./checkInTurn.ts";

/** What a thread tells: of the ranges it reads, or that it cannot go on. */
export type ChainNews = RangeNews | { kind: "failed"; error: ReturnType<typeof errorBody>["error"] };

const tell = (news: ChainNews): void => parentPort?.postMessage(news);
try {
  await checkInTurn(workerData as ChainWork, tell);
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  tell({ kind: "failed", ...errorBody(error) });
}
