import type { CanaryRevision, DeliveryEvent, Stage, StageBook } from "../flagger/stageBook.ts";

const keyOf = ({ project, gate, canary, checksum }: CanaryRevision): string => JSON.stringify([project, gate, canary, checksum]);

/** A stage book in memory. */
export class MemoryStages implements StageBook {
  readonly events: DeliveryEvent[] = [];
  readonly #stages = new Map<string, Stage & { revision: CanaryRevision }>();

  async find(revision: CanaryRevision): Promise<Stage | null> {
    const found = this.#stages.get(keyOf(revision));
    return found === undefined ? null : { rollout: found.rollout, opened: found.opened };
  }

  async isTaken({ project, gate, canary }: CanaryRevision, rollout: string): Promise<boolean> {
    return [...this.#stages.values()].some(
      ({ revision, ...stage }) =>
        stage.rollout === rollout && revision.project === project && revision.gate === gate && revision.canary === canary,
    );
  }

  async bind(revision: CanaryRevision, rollout: string): Promise<Stage | null> {
    if (await this.isTaken(revision, rollout)) return this.find(revision);
    this.#stages.set(keyOf(revision), { rollout, opened: 0, revision });
    return { rollout, opened: 0 };
  }

  async open(revision: CanaryRevision, opened: number): Promise<boolean> {
    const stage = this.#stages.get(keyOf(revision));
    if (stage === undefined || stage.opened !== opened) return false;
    stage.opened += 1;
    return true;
  }

  async reset(revision: CanaryRevision): Promise<void> {
    const stage = this.#stages.get(keyOf(revision));
    if (stage !== undefined) stage.opened = 0;
  }

  async note(event: DeliveryEvent): Promise<void> {
    this.events.push(event);
  }
}
