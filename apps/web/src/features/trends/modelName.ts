/** A model's name; calls may have none. */
export function modelName(model: string): string {
  return model === "" ? "No model told" : model;
}
