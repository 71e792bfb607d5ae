"use client";
export { QUEUE_PARAMS, queueLink } from "./annotationLinks.ts";
export { NewQueueDialog } from "./NewQueueDialog.tsx";
export { SelectedTraces } from "./SelectedTraces.tsx";
