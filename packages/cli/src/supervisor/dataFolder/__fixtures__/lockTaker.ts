import { type FolderLock, tryLock } from "../folderLock.ts";

let held: FolderLock | undefined;

process.on("message", (message: { path?: string }) => {
  if (message.path === undefined) {
    held?.release();
    held = undefined;
    process.send?.("released");
    return;
  }
  const attempt = tryLock(message.path);
  if (attempt.kind === "taken") held = attempt.lock;
  process.send?.(attempt.kind);
});
process.once("disconnect", () => process.exit());
process.send?.("listening");
