/** The result of `work`, or `too late` after `ms` milliseconds. The outcome of late work is ignored, even if it fails. */
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
