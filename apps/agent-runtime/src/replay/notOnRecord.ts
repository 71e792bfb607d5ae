import { TaskTakenOver } from "../worker/journal.ts";

/**
 * What the fence says when a replay asks for what is not on record. It ends
 * the attempt at once, without a trace, as one that was taken over does.
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
