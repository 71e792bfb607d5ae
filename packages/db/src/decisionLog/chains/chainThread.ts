import { parentPort, workerData } from "node:worker_threads";
import { AppError, errorBody } from "@signalbox/model";
import { type ChainWork, checkInTurn, type RangeNews } from "./checkInTurn.ts";

/** A message of a thread: about the ranges it reads, or that it failed. */
export type ChainNews = RangeNews | { kind: "failed"; error: ReturnType<typeof errorBody>["error"] };

const tell = (news: ChainNews): void => parentPort?.postMessage(news);
try {
  await checkInTurn(workerData as ChainWork, tell);
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  tell({ kind: "failed", ...errorBody(error) });
}
