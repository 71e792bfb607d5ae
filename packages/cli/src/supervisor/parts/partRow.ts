import type { StoreVariable } from "../../config.ts";
import type { StoreUrls } from "../stores/stores.ts";
import type { Part } from "./part.ts";

/** The location of a part: its own URL on loopback, and the stores. */
interface Place {
  url: string;
  stores: StoreUrls;
}

/** A part of Signalbox: adding one is a row of `PARTS`. */
export interface PartRow {
  name: string;
  /** The module it runs. */
  entry: string;
  /** Names of parts and steps that must be ready before it. */
  needs: readonly string[];
  /** Its port without offset. */
  port: number;
  /** Ports of its other listeners without offset, by protocol. */
  morePorts?: Readonly<Record<string, number>>;
  /** The scheme of its URL; default: `http`. */
  protocol?: string;
  isReady: (place: Place) => Part["isReady"];
  /** Variables of its environment besides those of all parts. */
  env?: Readonly<Record<string, string>>;
  /** The variable that sets its port, if that is not its default one. */
  portVariable?: string;
  /** The part of which it is a copy. */
  copyOf?: string;
  /** The variable that, when set, names an external store to use instead. */
  replacedBy?: StoreVariable;
}
