import { router } from "../trpc.ts";
import { keepAsItem, keepGroup } from "./keepAsItem.ts";
import { letterActs } from "./letterActs.ts";
import { letterQueries } from "./letterQueries.ts";
import { redriveProcedures } from "./redriveProcedures.ts";
import { redriveRules } from "./redriveRules.ts";

export const deadLetterRouter = router({
  ...letterQueries,
  ...letterActs,
  ...redriveProcedures,
  keepAsItem,
  keepGroup,
  rules: redriveRules,
});
