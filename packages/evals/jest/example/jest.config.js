export default { preset: "@signalbox/evals" };
