export { agentopsRoutes } from "./agentopsRoutes.ts";
export { UNCLAIMED_BYTES_MAX, unclaimedProjects } from "./unclaimed.ts";
