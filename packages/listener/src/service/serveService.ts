import type { FastifyInstance } from "fastify";
import { parseBody } from "../parseBody.ts";
import type { MethodContract, ServiceContract } from "./contract.ts";
import type { ServiceMetrics } from "./serviceMetrics.ts";

type AnyMethod = (request: unknown) => Promise<unknown>;

/** Serves a service over HTTP: one route per method of its contract. */
export function serveService<Service extends object>(
  app: FastifyInstance,
  contract: ServiceContract<Service>,
  service: Service,
  metrics: ServiceMetrics,
): void {
  for (const [name, method] of Object.entries<MethodContract<unknown, unknown>>(contract)) {
    const call = (service as Record<string, AnyMethod>)[name];
    if (call === undefined) throw new TypeError(`the service has no method ${name}`);
    app.post(method.path, async ({ body }, reply) => {
      const end = metrics.begin(method.path);
      try {
        const answer = await call.call(service, parseBody(method.request, body));
        end("answered");
        return reply.type("application/json").send(JSON.stringify(answer ?? null));
      } catch (error) {
        end("failed");
        throw error;
      }
    });
  }
}
