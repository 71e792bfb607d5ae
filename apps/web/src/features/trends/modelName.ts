/** What a model is called; calls may tell none. */
export function modelName(model: string): string {
  return model === "" ? "No model told" : model;
}
