import { setImmediate as nextTurn } from "node:timers/promises";
import type { WorkspaceObject, WorkspaceStore } from "@signalbox/db/langsmith";
import { AppError, type Redactor } from "@signalbox/model";
import type { Metrics } from "../metrics.ts";
import { Intake } from "./intake.ts";
import { redactMembers } from "./redactRecords.ts";
import type { RuleBook, RulesByProject } from "./ruleBook.ts";

/** Fields that link a session to its dataset. */
const PLACE = new Set(["reference_dataset_id"]);

/**
 * A workspace that applies its projects' redaction rules before storing objects; they are still found by the names that they were given.
 * Stores nothing before the rules are known.
 */
export function redactWorkspace(store: WorkspaceStore, rules: RuleBook, metrics: Pick<Metrics, "redacted">): WorkspaceStore {
  let ready: { rules: RulesByProject; intake: Intake } | null = null;

  function redactorOf(project: string): Redactor | null {
    if (rules.latest === null) throw new AppError("upstream_unavailable", `Nothing is kept: ${rules.trouble}.`);
    if (ready?.rules !== rules.latest) ready = { rules: rules.latest, intake: new Intake(rules.latest, metrics) };
    return ready.intake.of(project).redactor;
  }

  function withoutSecrets<Kept extends WorkspaceObject>(object: Kept): Kept {
    const redactor = redactorOf(object.project);
    return redactor === null ? object : { ...object, body: redactMembers(object.body, redactor, PLACE) };
  }

  return {
    ...store,
    async list(query) {
      const redactor = query.name === undefined ? null : redactorOf(query.project);
      return store.list(redactor === null ? query : { ...query, name: redactor.text(query.name ?? "") });
    },
    async put(object) {
      const redacted = withoutSecrets(object);
      await store.put({ ...redacted, name: redactorOf(object.project)?.text(object.name) ?? object.name });
    },
    async putExamples(project, datasetId, batches) {
      const redacted = [];
      for (const examples of batches) {
        redacted.push(examples.map(withoutSecrets));
        await nextTurn();
      }
      await store.putExamples(project, datasetId, redacted);
    },
  };
}
