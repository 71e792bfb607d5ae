/** Kills a process that leads a group, with the whole group. */
export function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // The group is empty: everything in it has ended.
  }
}
