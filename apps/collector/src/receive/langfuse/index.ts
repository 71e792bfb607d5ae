export { langfuseRoutes } from "./langfuseRoutes.ts";
