export { trackRoutes } from "./trackRoutes.ts";
