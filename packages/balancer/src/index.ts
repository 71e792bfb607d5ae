export { Balancer } from "./balancer.ts";
export { balancerMetrics } from "./balancerMetrics.ts";
export { callingWith } from "./callNeeds.ts";
export { type EndpointSource, Endpoints, parseEndpoints } from "./endpoint.ts";
export type { CallNeeds, Lane } from "./endpointSet.ts";
export type { ServiceAnswer, ServiceCall } from "./httpCall.ts";
export { BALANCER_POLICY, type BalancerPolicy } from "./policy.ts";
