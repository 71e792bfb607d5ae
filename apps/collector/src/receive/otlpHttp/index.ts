export { KEYLESS_PROJECT, otlpRoutes } from "./otlpRoutes.ts";
