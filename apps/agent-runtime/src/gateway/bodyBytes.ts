import type { FastifyInstance, FastifyRequest } from "fastify";

/**
 * Installs a JSON body parser that records each body's size in bytes, and returns the lookup: a request's Content-Length may be missing.
 */
export function countBodies(app: FastifyInstance): (request: FastifyRequest) => number {
  const bytes = new WeakMap<FastifyRequest, number>();
  const parse = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser<Buffer>("application/json", { parseAs: "buffer" }, (request, body, done) => {
    bytes.set(request, body.length);
    parse(request, body.toString(), done);
  });
  return (request) => bytes.get(request) ?? 0;
}
