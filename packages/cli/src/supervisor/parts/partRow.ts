import type { StoreVariable } from "../../config.ts";
import type { StoreUrls } from "../stores/stores.ts";
import type { Part } from "./part.ts";

/** Where a part runs: its own URL on loopback, and the stores. */
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
  /** Ports of its other listeners without offset, by what is spoken there. */
  morePorts?: Readonly<Record<string, number>>;
  /** What its URL starts with; `http` unless it says otherwise. */
  protocol?: string;
  isReady: (place: Place) => Part["isReady"];
  /** What it finds in its environment besides what all parts do. */
  env?: Readonly<Record<string, string>>;
  /** The variable that tells it its port, where it has not the one that it has of itself. */
  portVariable?: string;
  /** What it is one of several copies of. */
  copyOf?: string;
  /** The variable that, when set, names a store from outside to use instead. */
  replacedBy?: StoreVariable;
}
