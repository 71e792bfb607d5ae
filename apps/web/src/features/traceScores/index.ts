"use client";
export { ScoringWord } from "./ScoringWord.tsx";
export { TraceThumb } from "./TraceThumb.tsx";
