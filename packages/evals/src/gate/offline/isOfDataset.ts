/**
 * Whether the dataset of a run (`name` or `name@version`) is the one that a policy asks
 * for; a policy without a version accepts any. A version may be prefixed with `v`.
 */
export function isOfDataset(asked: string, dataset: string): boolean {
  const plain = (reference: string): string => reference.replace(/@v(?=\d+$)/, "@");
  return asked.includes("@") ? plain(dataset) === plain(asked) : dataset.split("@")[0] === asked;
}
