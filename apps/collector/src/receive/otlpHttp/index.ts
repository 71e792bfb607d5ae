export { compressionOf, otlpRoutes, otlpTracesRoute } from "./otlpRoutes.ts";
