/** A process that the supervisor keeps alive. */
export interface Part {
  kind: "process";
  name: string;
  /**
   * The part of which it is a copy, if any; copies are replaced one by one,
   * and one that cannot be kept alive is no reason to stop the others.
   */
  copyOf?: string;
  /** Names of the parts and steps that must be ready before this one starts. */
  needs: readonly string[];
  /** The module it runs: an absolute path. */
  entry: string;
  /** Additional variables of its environment. */
  env: Readonly<Record<string, string>>;
  /** Its port on loopback, and its URL without credentials. */
  port: number;
  url: string;
  /** Whether it works by now; must not throw, and must answer within about a second. */
  isReady: (signal: AbortSignal) => Promise<boolean>;
}

/** An action that runs once during a start, between parts: migrations. */
export interface Step {
  kind: "step";
  name: string;
  needs: readonly string[];
  run: () => Promise<void>;
}

/** The current state of a part. */
export interface PartState {
  name: string;
  status: "waiting" | "starting" | "ready" | "restarting" | "stopped";
  pid: number | undefined;
  port: number;
  restarts: number;
}
