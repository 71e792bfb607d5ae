/**
 * GitHub as an operator configured it: `apiUrl` without a slash at its end, `appKey` the App's private key
 * (PEM), `gates` the gate of each environment that is not named like it. `project` is whose gates are asked.
 */
export type GithubConfig = {
  apiUrl: string;
  appId: string;
  appKey: string;
  webhookSecret: string;
  project: string;
  gates: ReadonlyMap<string, string>;
};
