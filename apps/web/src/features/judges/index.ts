"use client";
export { JudgeBadge } from "./JudgeBadge.tsx";
export { type Corrected, JudgeText } from "./JudgeText.tsx";
export { useJudgeStanding } from "./useJudgeStanding.ts";
