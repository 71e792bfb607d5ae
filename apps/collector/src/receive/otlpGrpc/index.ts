export { openGrpcListener } from "./grpcListener.ts";
export { otlpMethods } from "./otlpMethods.ts";
