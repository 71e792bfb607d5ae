/** A process that the supervisor keeps alive. */
export interface Part {
  kind: "process";
  name: string;
  /**
   * What it is one of several copies of; those are replaced one by one, and one that cannot be kept alive is no reason to stop the others.
   */
  copyOf?: string;
  /** Names of the parts and steps that must be ready before this one starts. */
  needs: readonly string[];
  /** The module it runs: an absolute path. */
  entry: string;
  /** What it finds in its environment besides ours. */
  env: Readonly<Record<string, string>>;
  /** Its port on loopback, and its URL without credentials. */
  port: number;
  url: string;
  /** Whether it does its work by now; must not throw, and answer within a second or so. */
  isReady: (signal: AbortSignal) => Promise<boolean>;
}

/** Something done once during a start, between parts: migrations. */
export interface Step {
  kind: "step";
  name: string;
  needs: readonly string[];
  run: () => Promise<void>;
}

/** How a part is right now. */
export interface PartState {
  name: string;
  status: "waiting" | "starting" | "ready" | "restarting" | "stopped";
  pid: number | undefined;
  port: number;
  restarts: number;
}
