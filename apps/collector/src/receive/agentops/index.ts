export { agentopsRoutes } from "./agentopsRoutes.ts";
export { keylessProject } from "./findProject.ts";
