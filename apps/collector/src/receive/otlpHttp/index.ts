export { otlpRoutes } from "./otlpRoutes.ts";
