import { reportOf } from "@signalbox/model";
import type { FastifyInstance } from "fastify";
import { errorAnswer } from "../errorAnswer.ts";
import { parseBody } from "../parseBody.ts";
import type { MethodContract, ServiceContract } from "./contract.ts";
import type { ServiceMetrics } from "./serviceMetrics.ts";

type AnyMethod = (request: unknown, halt: AbortSignal) => Promise<unknown>;

/**
 * Serves a service over HTTP: one route per method of its contract. Callers are parts of the product,
 * and are told where an error came from. When a caller disconnects, the service's `halt` is aborted.
 */
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
      const halt = new AbortController();
      reply.raw.once("close", () => {
        if (!reply.raw.writableEnded) halt.abort();
      });
      try {
        const answer = await call.call(service, parseBody(method.request, body), halt.signal);
        end("answered");
        return reply.type("application/json").send(JSON.stringify(answer));
      } catch (error) {
        end("failed");
        const { status, headers, body } = errorAnswer(error);
        if (status >= 500 && !halt.signal.aborted) app.log.error({ err: error }, "a service failed");
        return reply
          .code(status)
          .headers(headers)
          .send({ error: { ...body.error, report: reportOf(error) } });
      }
    });
  }
}
