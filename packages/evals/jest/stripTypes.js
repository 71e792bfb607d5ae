import { stripTypeScriptTypes } from "node:module";

/** Strips types as Node itself does: they become spaces, so that lines and columns stay. */
export default { process: (source) => ({ code: stripTypeScriptTypes(source) }) };
