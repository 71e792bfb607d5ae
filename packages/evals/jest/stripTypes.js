import { stripTypeScriptTypes } from "node:module";

/** Gives Jest TypeScript as Node itself runs it: types become spaces, so that lines and columns stay. */
export default { process: (source) => ({ code: stripTypeScriptTypes(source) }) };
