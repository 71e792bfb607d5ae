import { TaskTakenOver } from "../worker/journal.ts";

/**
 * The fence of a replay: thrown when it asks for something that is not on record. It ends the attempt at once and without a trace, like one
 * that was taken over.
 */
export class NotOnRecord extends TaskTakenOver {
  readonly step: number | null;
  readonly what: string;

  constructor(what: string, step: number | null) {
    super(`${what} is not on record`);
    this.step = step;
    this.what = what;
  }
}
