import { parseAsString } from "nuqs";
import { PROJECT_PARAM } from "../../project/projectParam.ts";
import { RANGE_PARAMS } from "../traces/index.ts";

/** The URL parameters of a list of sessions or users. */
export const OWNER_PARAMS = { ...PROJECT_PARAM, ...RANGE_PARAMS, q: parseAsString.withDefault("") };
