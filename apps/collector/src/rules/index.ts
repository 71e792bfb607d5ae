export { Intake } from "./intake.ts";
export { RecordRedactor, redactRun } from "./redactRecords.ts";
export { redactWorkspace } from "./redactWorkspace.ts";
export { RuleBook, type RuleSource, type RulesByProject } from "./ruleBook.ts";
export { RulesInForce } from "./rulesInForce.ts";
