import type { Lane } from "@signalbox/model";
import { expect, test } from "vitest";
import { EndpointSet, type Member } from "./endpointSet.ts";
import { BALANCER_POLICY } from "./policy.ts";
import { evenly } from "./testing/evenly.ts";

const NONE: ReadonlySet<Member> = new Set();

function aSet(...labels: string[][]) {
  const set = new EndpointSet(BALANCER_POLICY, evenly());
  set.replace(
    labels.map((each, index) => ({ url: `http://10.0.0.${index}`, labels: new Set(each) })),
    0,
  );
  return set;
}

function chosen(set: EndpointSet, call: { needs?: string[]; lane?: Lane } = {}, nowMs = 0): string | undefined {
  const choice = set.choose({ needs: [], lane: "interactive", ...call }, NONE, nowMs);
  return choice.kind === "endpoint" ? choice.member.endpoint.url : choice.kind;
}

test("a call that needs a GPU goes to no other endpoint, busy or gone as those with one may be", () => {
  const set = aSet(["cpu"], ["gpu"], ["cpu"], ["cpu"]);
  const gpu = set.members[1] as Member;
  const counts = new Set(Array.from({ length: 100 }, () => chosen(set, { needs: ["gpu"] })));
  expect([...counts]).toEqual(["http://10.0.0.1"]);
  gpu.inFlight = gpu.limit.calls;
  expect(chosen(set, { needs: ["gpu"] })).toBe("busy");
  set.end(set.begin(gpu, 0), "gone", 0);
  expect(chosen(set, { needs: ["gpu"] })).toBe("unavailable");
  expect(chosen(set, { needs: ["model=llama"] })).toBe("unmet");
});

test("an endpoint ten times slower than three others gets a small share", () => {
  const set = aSet([], [], [], []);
  const slow = set.members[0] as Member;
  const ends: { atMs: number; end: () => void }[] = [];
  let toSlow = 0;
  const calls = 5_000;
  for (let index = 0; index < calls; index += 1) {
    const nowMs = index;
    for (const due of ends.filter(({ atMs }) => atMs <= nowMs)) {
      due.end();
      ends.splice(ends.indexOf(due), 1);
    }
    const choice = set.choose({ needs: [], lane: "interactive" }, NONE, nowMs);
    if (choice.kind !== "endpoint") throw new Error(choice.kind);
    const lease = set.begin(choice.member, nowMs);
    const tookMs = choice.member === slow ? 400 : 40;
    ends.push({ atMs: nowMs + tookMs, end: () => set.end(lease, "worked", nowMs + tookMs) });
    if (choice.member === slow) toSlow += 1;
  }
  expect(toSlow / calls).toBeLessThan(0.15);
});

test("batch calls are the first for which there is no room", () => {
  const set = aSet([]);
  const only = set.members[0] as Member;
  only.inFlight = Math.floor(only.limit.calls * BALANCER_POLICY.lanes.batchShare);
  expect(chosen(set, { lane: "batch" })).toBe("busy");
  expect(chosen(set)).toBe("http://10.0.0.0");
  only.inFlight = only.limit.calls;
  expect(chosen(set)).toBe("busy");
});

test("an endpoint where nobody is gets no call from the first failure on, and some again when its time is over", () => {
  const set = aSet([], []);
  const gone = set.members[0] as Member;
  set.end(set.begin(gone, 0), "gone", 0);
  expect(new Set(Array.from({ length: 50 }, () => chosen(set)))).toEqual(new Set(["http://10.0.0.1"]));
  expect(new Set(Array.from({ length: 50 }, () => chosen(set, {}, BALANCER_POLICY.ejection.ejectedMs))).size).toBe(2);
});

test("a set that is all gone is refused at once when its breakers are open", () => {
  const set = aSet([], []);
  for (let index = 0; index < 50; index += 1) {
    const choice = set.choose({ needs: [], lane: "interactive" }, NONE, 0);
    if (choice.kind === "endpoint") set.end(set.begin(choice.member, 0), "gone", 0);
  }
  expect(chosen(set)).toBe("unavailable");
});

test("an endpoint that was tried is tried again only if there is no other", () => {
  const set = aSet([], []);
  const [one, other] = set.members as [Member, Member];
  const choose = (tried: Member[]) => set.choose({ needs: [], lane: "interactive" }, new Set(tried), 0);
  for (let index = 0; index < 20; index += 1) expect(choose([one])).toEqual({ kind: "endpoint", member: other });
  expect(choose([one, other]).kind).toBe("endpoint");
});

test("one that says nothing of itself is ejected, unless it answers calls meanwhile", () => {
  const set = aSet([], []);
  const [busy] = set.members as [Member, Member];
  set.end(set.begin(busy, 100), "worked", 150);
  set.probed(busy, "silent", 100, 700);
  expect(new Set(Array.from({ length: 50 }, () => chosen(set, {}, 700))).size).toBe(2);
  set.probed(busy, "silent", 700, 1_300);
  expect(new Set(Array.from({ length: 50 }, () => chosen(set, {}, 1_300)))).toEqual(new Set(["http://10.0.0.1"]));
});

test("a probe that was given up much too late says nothing of an endpoint: it is the caller that lags", () => {
  const set = aSet([], []);
  for (const member of set.members) set.begin(member, 0);
  const { probeMsMax, lagMsMax } = BALANCER_POLICY.timing;
  const late = set.members.map((member) => set.probed(member, "silent", 0, probeMsMax + lagMsMax + 1));
  expect(late).toEqual([false, false]);
  expect(new Set(Array.from({ length: 50 }, () => chosen(set, {}, probeMsMax + lagMsMax + 1))).size).toBe(2);
  expect(set.probed(set.members[0] as Member, "silent", 0, probeMsMax)).toBe(true);
});

test("a call may be made elsewhere only where there is what it needs and somebody may be asked", () => {
  const set = aSet(["gpu"], ["cpu"]);
  const [gpu, cpu] = set.members as [Member, Member];
  expect([set.isOpenElsewhere(gpu, [], 0), set.isOpenElsewhere(gpu, ["gpu"], 0)]).toEqual([true, false]);
  set.end(set.begin(cpu, 0), "gone", 0);
  expect(set.isOpenElsewhere(gpu, [], 0)).toBe(false);
});

test("calls that others wait for at an endpoint send ours elsewhere", () => {
  const set = aSet([], []);
  const report = { waiting: 9, running: 3, cacheUsage: 0 };
  set.reported(set.members[0] as Member, report);
  expect(new Set(Array.from({ length: 50 }, () => chosen(set, {}, 1)))).toEqual(new Set(["http://10.0.0.1"]));
});

test("what is known of an endpoint stays when the set changes, and goes with its labels", () => {
  const set = aSet(["cpu"], ["cpu"]);
  const [one, other] = set.members as [Member, Member];
  set.replace([one.endpoint, { ...other.endpoint, labels: new Set(["gpu"]) }], 0);
  expect(set.members[0]).toBe(one);
  expect(set.members[1]).not.toBe(other);
});
