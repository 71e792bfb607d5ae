import { IntakeRules } from "@signalbox/model";
import { createMetrics } from "../metrics.ts";
import { Intake, type RuleSource } from "../rules/index.ts";

/** Redacts nothing and samples nothing out, whatever the project. */
export function noRules(): Intake {
  return new Intake(new Map(), createMetrics({ journalBytes: () => 0, waiting: () => [], oldestUnwrittenMs: () => null, clock: Date.now }));
}

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
