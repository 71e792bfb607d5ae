export { agentopsRoutes } from "./agentopsRoutes.ts";
export { UNCLAIMED_BYTES_MAX, type UnclaimedProject, unclaimedProjects } from "./unclaimed.ts";
