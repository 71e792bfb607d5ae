export { TracePage } from "./detail/TracePage.tsx";
export { TracePageSkeleton } from "./detail/TracePageSkeleton.tsx";
export { TraceListPage } from "./list/TraceListPage.tsx";
export { TraceListSkeleton } from "./list/TraceListSkeleton.tsx";
