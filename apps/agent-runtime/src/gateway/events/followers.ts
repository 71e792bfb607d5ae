/**
 * Why a follower stops waiting: there may be more in the journal (and so of anything), there may be more of a draft, nothing came for the
 * given time, or it is to end.
 */
export type News = "journal" | "draft" | "silence" | "closed";

/** Priorities: news that arrives while nobody waits does not replace earlier news that says more. */
const WEIGHT: Readonly<Record<News, number>> = { silence: 0, draft: 1, journal: 2, closed: 3 };

/** Waits for news of one task. News that arrives between two calls of `next` is kept. `silenceMs` is the longest wait, in milliseconds. */
export type Follower = { next: (silenceMs: number) => Promise<News>; close: () => void };

/** The followers of every task. `tell` wakes the followers of one task, or of all tasks (null). */
export type Followers = {
  follow: (taskId: string) => Follower;
  tell: (taskId: string | null, news: "journal" | "draft") => void;
  count: () => number;
  close: () => void;
};

export function openFollowers(): Followers {
  const byTask = new Map<string, Set<(news: News) => void>>();

  const wake = (followers: Iterable<(news: News) => void>, news: News): void => {
    for (const follower of [...followers]) follower(news);
  };
  const everybody = (): ((news: News) => void)[] => [...byTask.values()].flatMap((followers) => [...followers]);

  function follow(taskId: string): Follower {
    let pending: News | null = null;
    let waiting: ((news: News) => void) | null = null;
    const followers = byTask.get(taskId) ?? new Set();
    byTask.set(taskId, followers.add(tell));

    function tell(news: News): void {
      if (pending === null || WEIGHT[news] > WEIGHT[pending]) pending = news;
      waiting?.(news);
    }

    return {
      next: async (silenceMs) => {
        if (pending === null) {
          let timer: NodeJS.Timeout | undefined;
          await new Promise<void>((resolve) => {
            waiting = () => resolve();
            timer = setTimeout(resolve, silenceMs);
          });
          clearTimeout(timer);
          waiting = null;
        }
        const news = pending ?? "silence";
        if (news !== "closed") pending = null;
        return news;
      },
      close: () => {
        followers.delete(tell);
        if (followers.size === 0 && byTask.get(taskId) === followers) byTask.delete(taskId);
        tell("closed");
      },
    };
  }

  return {
    follow,
    tell: (taskId, news) => wake(taskId === null ? everybody() : (byTask.get(taskId) ?? []), news),
    count: () => everybody().length,
    close: () => wake(everybody(), "closed"),
  };
}
