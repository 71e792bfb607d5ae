"use client";
export { ComparePage } from "./ComparePage.tsx";
export { Fork } from "./Fork.tsx";
export type { ForkSubject } from "./planDraft.ts";
export { ReplayPage } from "./ReplayPage.tsx";
export { ReplaySkeleton } from "./ReplaySkeleton.tsx";
export { TaskReplays } from "./TaskReplays.tsx";
