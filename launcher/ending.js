/** Exit code of a command that could not do its work because of the machine around it (see the contract in docs/architecture.md). */
export const INFRASTRUCTURE = 4;

/** Runs a launcher to its exit code. What goes wrong on the way is one sentence for the person at the terminal. */
export async function endWith(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = INFRASTRUCTURE;
  }
}
