export { langsmithRoutes } from "./langsmithRoutes.ts";
export { noWorkspace } from "./workspace/index.ts";
