/** How long a function's name may be at an OpenAI-compatible endpoint. */
const CHARACTERS_MAX = 64;

/** A tool's name as endpoints take it, letters, digits, _ and - alone: `weather.forecast` → `weather__forecast`. */
export function nameForModel(tool: string): string {
  return tool
    .replaceAll(".", "__")
    .replaceAll(/[^a-zA-Z0-9_-]/g, "_")
    .slice(0, CHARACTERS_MAX);
}
