"use client";
export { JudgeBadge } from "./JudgeBadge.tsx";
export { JudgeText } from "./JudgeText.tsx";
export { useJudgeStanding } from "./useJudgeStanding.ts";
