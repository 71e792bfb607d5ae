"use client";
export { TaskPage } from "./TaskPage.tsx";
export { TaskPageSkeleton } from "./TaskPageSkeleton.tsx";
