/** What `work` comes to, or `too late` once `ms` milliseconds are over. Nobody hears what late work comes to, not even that it failed. */
export async function withinMs<Result>(ms: number, work: Promise<Result>): Promise<Result | "too late"> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<"too late">((resolve) => {
    timer = setTimeout(resolve, ms, "too late" as const);
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, end]);
  } finally {
    clearTimeout(timer);
  }
}
