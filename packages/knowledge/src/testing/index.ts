export { openQdrantStandIn } from "./standIns/qdrantStandIn.ts";
export { STAND_IN_KEY } from "./standIns/standIn.ts";
