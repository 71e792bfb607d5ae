/** The longest function name that OpenAI-compatible endpoints accept. */
const CHARACTERS_MAX = 64;

/** A tool's name in the characters that endpoints accept (letters, digits, _ and -): `weather.forecast` → `weather__forecast`. */
export function nameForModel(tool: string): string {
  return tool
    .replaceAll(".", "__")
    .replaceAll(/[^a-zA-Z0-9_-]/g, "_")
    .slice(0, CHARACTERS_MAX);
}
