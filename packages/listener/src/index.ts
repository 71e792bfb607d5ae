export { type Listener, type ListenerOptions, openListener, whyNotListening } from "./listener.ts";
export { type Loop, openLoop } from "./loop.ts";
export { parseBody } from "./parseBody.ts";
export { runApp } from "./runApp.ts";
export { LANGUAGE_CONTRACT, MEMORY_CONTRACT, PLANNING_CONTRACT, type ServiceContract, TOOLS_CONTRACT } from "./service/contract.ts";
export { remoteService, type Send } from "./service/remoteService.ts";
export { serveService } from "./service/serveService.ts";
export { type ServiceMetrics, serviceMetrics } from "./service/serviceMetrics.ts";
