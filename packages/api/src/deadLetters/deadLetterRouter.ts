import { router } from "../trpc.ts";
import { letterActs } from "./letterActs.ts";
import { redriveProcedures } from "./redriveProcedures.ts";
import { redriveRules } from "./redriveRules.ts";

export const deadLetterRouter = router({ ...redriveProcedures, ...letterActs, rules: redriveRules });
