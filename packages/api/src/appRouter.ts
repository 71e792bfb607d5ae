import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import { decisionRouter } from "./decisions/decisionRouter.ts";
import { projectRouter } from "./projects/projectRouter.ts";
import { scoreRouter } from "./scores/scoreRouter.ts";
import { statusRouter } from "./status/statusRouter.ts";
import { traceRouter } from "./traces/traceRouter.ts";
import { trendRouter } from "./trends/trendRouter.ts";
import { createCallerFactory, router } from "./trpc.ts";

/** Every procedure, by feature. */
export const appRouter = router({
  traces: traceRouter,
  trends: trendRouter,
  decisions: decisionRouter,
  scores: scoreRouter,
  status: statusRouter,
  projects: projectRouter,
});

export type AppRouter = typeof appRouter;
export type RouterInputs = inferRouterInputs<AppRouter>;
export type RouterOutputs = inferRouterOutputs<AppRouter>;

/** Calls procedures in this process, without HTTP. */
export const createCaller = createCallerFactory(appRouter);
