import { parseAsString } from "nuqs";
import { PROJECT_PARAM } from "../../project/projectParam.ts";

/** The shown version: a number, or another name that the procedures understand. */
export const VERSION_PARAMS = { ...PROJECT_PARAM, version: parseAsString.withDefault("latest") };

/** The URL parameters of a list of items. */
export const ITEM_PARAMS = { ...VERSION_PARAMS, split: parseAsString.withDefault(""), q: parseAsString.withDefault("") };

/** The two versions to compare. */
export const DIFF_PARAMS = { ...PROJECT_PARAM, before: parseAsString.withDefault("1"), after: parseAsString.withDefault("latest") };
