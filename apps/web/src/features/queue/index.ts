"use client";
export { QueuePausedNotice, QueuePauses } from "./QueuePauses.tsx";
export { usePauses } from "./usePauses.ts";
