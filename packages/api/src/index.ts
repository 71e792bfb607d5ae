export { type AppRouter, appRouter, createCaller, type RouterInputs, type RouterOutputs } from "./appRouter.ts";
export { type Context, createContext, type Part } from "./context.ts";
export { type RolloutView, readRolloutView } from "./rollouts/rolloutView.ts";
