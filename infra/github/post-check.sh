#!/usr/bin/env bash
# Posts what a gate says of a candidate as a check run of a commit, with the workflow's own token (checks: write), again whenever
# it says something else, until the rollout is over. Ends with 0 when the candidate was promoted, 1 when it was rolled back or called
# off, 3 when neither was so after WAIT_SECONDS (in a job again it goes on), and 4 when the gate or GitHub could not be asked.
#   SIGNALBOX_URL=https://gates.example:4401 SIGNALBOX_KEY=sbx_… GH_TOKEN=… ./post-check.sh support-agent OWNER/REPO SHA [CANDIDATE]
# Without a candidate it is the one that is named after the commit.
set -euo pipefail
gate="$1" repository="$2" sha="$3" candidate="${4:-}"
# A job of GitHub's machines ends after six hours.
deadline=$((SECONDS + ${WAIT_SECONDS:-19800}))
question=(--data-urlencode "sha=$sha")
[ -z "$candidate" ] || question+=(--data-urlencode "candidate=$candidate")

answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

# The key comes on standard input, where no list of processes shows it. A gate whose store is away is asked again: what it said before
# goes from a file, and would stay in a pipe.
ask() {
  : > "$answer"
  printf 'header = "Authorization: Bearer %s"\n' "$SIGNALBOX_KEY" \
    | curl --fail-with-body --silent --show-error --max-time 10 --retry 8 --retry-connrefused --retry-max-time 300 \
      --output "$answer" --config - --get "${question[@]}" "$SIGNALBOX_URL/v1/gates/$gate/github"
}

# A part of what the gate says.
part() {
  node -p 'const report = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8")); '"$1" "$answer" && return
  echo "What is asked at $SIGNALBOX_URL does not answer as a gate does." >&2
  exit 4
}

posted=""
while :; do
  ask || { echo "The gate $gate could not be asked: $(cat "$answer")" >&2; exit 4; }
  state=$(part 'report.commitStatus.state')
  # What differs in its numbers alone is no news, but the last word is.
  said=$(part '[report.commitStatus.state, report.checkRun.conclusion, report.commitStatus.description.replaceAll(/[0-9]/g, "")].join(" ")')
  if [ "$said" != "$posted" ]; then
    part 'JSON.stringify(report.checkRun)' | GITHUB_REPOSITORY="$repository" node "$(dirname "$0")/gate-report/report.js" check || exit 4
    posted="$said"
  fi
  case "$state" in
    success) exit 0 ;;
    failure) exit 1 ;;
  esac
  if [ "$SECONDS" -ge "$deadline" ]; then
    echo "The gate $gate has not decided yet." >&2
    exit 3
  fi
  sleep "${PAUSE_SECONDS:-30}"
done
