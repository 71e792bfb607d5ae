"use client";
export { AddToQueueDialog } from "./AddToQueueDialog.tsx";
export { QUEUE_PARAMS, queueLink } from "./annotationLinks.ts";
export { NewQueueDialog } from "./NewQueueDialog.tsx";
