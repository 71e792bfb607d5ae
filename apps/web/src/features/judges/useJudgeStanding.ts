"use client";
import { JUDGE_PREFIX, type JudgeStanding, judgeStanding } from "@signalbox/model";
import { useQuery } from "@tanstack/react-query";
import { useQueryStates } from "nuqs";
import { PROJECT_PARAM } from "../../project/projectParam.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";

const STALE_MS = 30_000;

/** Looks up how trustworthy the judge of a score is; null for a score that no judge gave, and until the records are loaded. */
export function useJudgeStanding(): (score: { name: string; scorer: string }) => JudgeStanding | null {
  const trpc = useTRPC();
  const [{ project }] = useQueryStates(PROJECT_PARAM);
  const records = useQuery(trpc.calibration.records.queryOptions({ project }, { staleTime: STALE_MS }));
  return ({ name, scorer }) => {
    if (!scorer.startsWith(JUDGE_PREFIX)) return null;
    // If the records cannot be read, every judge counts as uncalibrated.
    if (records.data === undefined) return records.isError ? { kind: "uncalibrated" } : null;
    return judgeStanding(records.data, { scoreName: name, judge: scorer });
  };
}
