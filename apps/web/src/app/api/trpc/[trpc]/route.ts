import { appRouter } from "@signalbox/api";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { apiContext } from "../../../../server/apiContext.ts";

const handle = (request: Request): Promise<Response> =>
  fetchRequestHandler({ endpoint: "/api/trpc", req: request, router: appRouter, createContext: apiContext, allowMethodOverride: true });

export { handle as GET, handle as POST };
