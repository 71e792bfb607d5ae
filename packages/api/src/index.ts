export { type AppRouter, appRouter, createCaller, type RouterInputs, type RouterOutputs } from "./appRouter.ts";
export { type Context, createContext, type Part } from "./context.ts";
export { actOnRollout, beginRollout } from "./rollouts/rolloutActs.ts";
export { type RolloutView, readRolloutView } from "./rollouts/rolloutView.ts";
