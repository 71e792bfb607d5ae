export { compressionOf, otlpRoutes } from "./otlpRoutes.ts";
