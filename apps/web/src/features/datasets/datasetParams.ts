import { parseAsString } from "nuqs";
import { PROJECT_PARAM } from "../../project/projectParam.ts";

/** Which version is shown: a number, or what else the procedures understand. */
export const VERSION_PARAMS = { ...PROJECT_PARAM, version: parseAsString.withDefault("latest") };

/** Everything about a list of items that a link must reproduce. */
export const ITEM_PARAMS = { ...VERSION_PARAMS, split: parseAsString.withDefault(""), q: parseAsString.withDefault("") };

/** Which two versions are compared. */
export const DIFF_PARAMS = { ...PROJECT_PARAM, before: parseAsString.withDefault("1"), after: parseAsString.withDefault("latest") };
