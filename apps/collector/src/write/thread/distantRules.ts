import type { RuleBook, RulesByProject } from "../../rules/index.ts";

/** The rules as last sent by the thread that reads them. */
export class DistantRules implements Pick<RuleBook, "latest" | "known"> {
  readonly #firstTold = Promise.withResolvers<void>();
  latest: RulesByProject | null = null;

  constructor(rules: RulesByProject | null) {
    if (rules !== null) this.change(rules);
  }

  get known(): Promise<void> {
    return this.#firstTold.promise;
  }

  change(rules: RulesByProject): void {
    this.latest = rules;
    this.#firstTold.resolve();
  }
}
