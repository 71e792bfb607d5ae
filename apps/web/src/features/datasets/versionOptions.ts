import type { RouterOutputs } from "@signalbox/api/client";

/** The versions of a dataset as options, latest first. */
export function versionOptions(versions: RouterOutputs["datasets"]["version"]["versions"]): { value: string; label: string }[] {
  return versions.map(({ number, note }, at) => ({
    value: String(number),
    label: [`Version ${number}`, at === 0 ? "latest" : "", note.slice(0, 40)].filter((part) => part !== "").join(" · "),
  }));
}
