import { spawnSync } from "node:child_process";
import { chownSync, readFileSync } from "node:fs";

/** A user of this machine that is not root. */
type User = { name: string; uid: number; gid: number };

/** The users that a server may run as when we are root, the better one first. */
const SERVER_USERS = ["postgres", "nobody"];

function findUser(): User | undefined {
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .map(([name = "", , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
  return SERVER_USERS.map((name) => users.find((user) => user.name === name)).find((user) => user !== undefined);
}

/** How to run a command that refuses to run as root: the command line, who runs it, and how to give that user a folder. */
export type Unprivileged = {
  commandLine: (command: string, args: readonly string[]) => { command: string; args: string[]; uid?: number; gid?: number };
  own: (path: string) => void;
};

/**
 * PostgreSQL refuses to run as root. Where we are root (a container, mostly) it runs as another user of the machine.
 * That user may be shut out of the folders above ours (`/root` is closed to others); `setpriv` then lends it the right to pass through, and nothing else.
 */
export function unprivileged(): Unprivileged {
  const user = process.getuid?.() === 0 ? findUser() : undefined;
  if (user === undefined) return { commandLine: (command, args) => ({ command, args: [...args] }), own: () => undefined };

  const setpriv = [
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    "--clear-groups",
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
  ];
  const hasSetpriv = spawnSync("setpriv", [...setpriv, "true"]).status === 0;
  return {
    commandLine: (command, args) =>
      hasSetpriv
        ? { command: "setpriv", args: [...setpriv, command, ...args] }
        : { command, args: [...args], uid: user.uid, gid: user.gid },
    own: (path) => chownSync(path, user.uid, user.gid),
  };
}
