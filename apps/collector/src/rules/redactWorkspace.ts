import type { WorkspaceStore } from "@signalbox/db/clickhouse";
import { AppError, type Redactor } from "@signalbox/model";
import type { Metrics } from "../metrics.ts";
import { Intake } from "./intake.ts";
import { redactMembers } from "./redactRecords.ts";
import type { RuleBook, RulesByProject } from "./ruleBook.ts";

/**
 * A workspace whose objects are stored without what their project's rules are about, and found by the names that they were given. Keeps nothing before
 * the rules are known.
 */
export function redactWorkspace(store: WorkspaceStore, rules: RuleBook, metrics: Pick<Metrics, "redacted">): WorkspaceStore {
  let ready: { rules: RulesByProject; intake: Intake } | null = null;

  function redactorOf(project: string): Redactor | null {
    if (rules.latest === null) throw new AppError("upstream_unavailable", `Nothing is kept: ${rules.trouble}.`);
    if (ready?.rules !== rules.latest) ready = { rules: rules.latest, intake: new Intake(rules.latest, metrics) };
    return ready.intake.of(project).redactor;
  }

  return {
    async list(query) {
      const redactor = query.name === undefined ? null : redactorOf(query.project);
      return store.list(redactor === null ? query : { ...query, name: redactor.text(query.name ?? "") });
    },
    async put(objects) {
      const redacted = objects.map((object) => {
        const redactor = redactorOf(object.project);
        return redactor === null ? object : { ...object, name: redactor.text(object.name), body: redactMembers(object.body, redactor) };
      });
      await store.put(redacted);
    },
  };
}
