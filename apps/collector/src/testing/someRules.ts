import { IntakeRules } from "@signalbox/model";
import type { RuleSource } from "../rules/index.ts";

/** A place where rules are kept, with some for project `default`; `change` sets others. */
export function someRules(redaction: object, sampling: object = {}): RuleSource & { change(redaction: object): void } {
  let rules = IntakeRules.parse({ redaction, sampling });
  return {
    listIntakeRules: async () => new Map([["default", rules]]),
    change(redaction) {
      rules = IntakeRules.parse({ redaction, sampling });
    },
  };
}
