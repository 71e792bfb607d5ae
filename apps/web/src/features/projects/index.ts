export { ProjectsPage } from "./ProjectsPage.tsx";
export { ProjectsPageSkeleton } from "./ProjectsPageSkeleton.tsx";
