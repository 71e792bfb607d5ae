"use client";
export { QueuePausedNotice, QueuePauses } from "./QueuePauses.tsx";
