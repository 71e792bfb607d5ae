export { agentopsRoutes } from "./agentopsRoutes.ts";
