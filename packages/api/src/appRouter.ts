import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import { annotationRouter } from "./annotations/annotationRouter.ts";
import { calibrationRouter } from "./calibration/calibrationRouter.ts";
import { datasetRouter } from "./datasets/datasetRouter.ts";
import { deadLetterRouter } from "./deadLetters/deadLetterRouter.ts";
import { decisionRouter } from "./decisions/decisionRouter.ts";
import { erasureRouter } from "./erasures/erasureRouter.ts";
import { evalRunRouter } from "./evalRuns/evalRunRouter.ts";
import { gatePolicyRouter } from "./gatePolicies/gatePolicyRouter.ts";
import { projectRouter } from "./projects/projectRouter.ts";
import { queueRouter } from "./queue/queueRouter.ts";
import { reconciliationRouter } from "./reconciliation/reconciliationRouter.ts";
import { replayRouter } from "./replays/replayRouter.ts";
import { rolloutRouter } from "./rollouts/rolloutRouter.ts";
import { scoreRouter } from "./scores/scoreRouter.ts";
import { scoringRouter } from "./scoring/scoringRouter.ts";
import { sessionRouter } from "./sessions/sessionRouter.ts";
import { statusRouter } from "./status/statusRouter.ts";
import { traceRouter } from "./traces/traceRouter.ts";
import { trendRouter } from "./trends/trendRouter.ts";
import { createCallerFactory, router } from "./trpc.ts";
import { userRouter } from "./users/userRouter.ts";
import { versionRouter } from "./versions/versionRouter.ts";
import { viewRouter } from "./views/viewRouter.ts";

/** Every procedure, by feature. */
export const appRouter = router({
  traces: traceRouter,
  sessions: sessionRouter,
  users: userRouter,
  views: viewRouter,
  trends: trendRouter,
  datasets: datasetRouter,
  annotations: annotationRouter,
  calibration: calibrationRouter,
  deadLetters: deadLetterRouter,
  decisions: decisionRouter,
  replays: replayRouter,
  rollouts: rolloutRouter,
  scores: scoreRouter,
  scoring: scoringRouter,
  status: statusRouter,
  projects: projectRouter,
  queue: queueRouter,
  reconciliation: reconciliationRouter,
  erasures: erasureRouter,
  evalRuns: evalRunRouter,
  gatePolicies: gatePolicyRouter,
  versions: versionRouter,
});

export type AppRouter = typeof appRouter;
export type RouterInputs = inferRouterInputs<AppRouter>;
export type RouterOutputs = inferRouterOutputs<AppRouter>;

/** Calls procedures in this process, without HTTP. */
export const createCaller = createCallerFactory(appRouter);
