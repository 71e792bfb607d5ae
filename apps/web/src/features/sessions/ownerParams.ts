import { parseAsString } from "nuqs";
import { PROJECT_PARAM } from "../../project/projectParam.ts";
import { RANGE_PARAMS } from "../traces/index.ts";

/** Everything about a list of sessions or users that a link must reproduce. */
export const OWNER_PARAMS = { ...PROJECT_PARAM, ...RANGE_PARAMS, q: parseAsString.withDefault("") };
