export { openGrpcListener } from "./grpcListener.ts";
export { otlpMethods } from "./otlpMethods.ts";
export { patientJournal } from "./patientJournal.ts";
