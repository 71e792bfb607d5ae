export { langsmithRoutes } from "./langsmithRoutes.ts";
