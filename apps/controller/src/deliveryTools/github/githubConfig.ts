/**
 * The GitHub configuration: `apiUrl` without a trailing slash, `appKey` the App's private key (PEM), `gates` the gates of environments with
 * other names than their gates. `project` is the project of the gates.
 */
export type GithubConfig = {
  apiUrl: string;
  appId: string;
  appKey: string;
  webhookSecret: string;
  project: string;
  gates: ReadonlyMap<string, string>;
};
