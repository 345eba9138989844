import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure, UsageError } from '@tstream/command-line';
import { chokers } from '@tstream/g2g-choker';
import { type OfferView, pickers } from '@tstream/piece-picker';
import { SeqSet } from '@tstream/sliding-window';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadPolicies } from '../src/policies.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tstream-policies-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, code: string): string {
  writeFileSync(join(folder, name), code);
  return join(folder, name);
}

const load = (
  given: { picker?: string; choker?: string },
  onThrown: (failure: Failure) => void = ({ message }) => expect.fail(message),
) => loadPolicies({ picker: undefined, choker: undefined, ...given }, onThrown);

test('nothing asked for: the live defaults', async () => {
  expect(await load({})).toEqual({ picker: undefined, choker: undefined });
});

test('a name is one of those that come with the peer', async () => {
  const { picker, choker } = await load({ picker: 'rarest-first', choker: 'tit-for-tat' });
  expect(picker).toBe(pickers['rarest-first']);
  expect(choker).toBe(chokers['tit-for-tat']);
});

test.each([
  ['picker', /^--picker 'fast' is unknown: expected default, in-order, .*, or a \.ts or \.js file$/],
  ['choker', /^--choker 'fast' is unknown: expected default, round-robin, .*, or a \.ts or \.js file$/],
  ['picker', /^--picker 'constructor' is unknown/],
])('an unknown %s is told with the known ones', async (kind, message) => {
  const name = /'(\w+)'/.exec(message.source)?.[1] as string;
  const failed = load({ [kind]: name });
  await expect(failed).rejects.toThrow(message);
  await expect(failed).rejects.toBeInstanceOf(UsageError);
});

test('a file in TypeScript, outside of the project, imports what it needs: the same classes', async () => {
  const path = fileOf(
    'oldest.ts',
    `import { newestFirst, type OfferView, type PiecePicker } from '@tstream/piece-picker';
    import { SeqSet } from '@tstream/sliding-window';
    export const picker: PiecePicker = {
      offer(view: OfferView) {
        // A set of its own, compared with one of the peer's.
        const none = new SeqSet(64);
        return view.offerable.highestMissingIn(none, 0, view.edgeSeq) < 0 ? undefined : newestFirst.offer(view);
      },
      want: newestFirst.want,
    };`,
  );
  const { picker } = await load({ picker: path });
  const offerable = new SeqSet(64);
  offerable.add(7);
  const empty = new SeqSet(64);
  const neighbour = { id: 1, known: empty, held: empty, startSeq: 0, wantedSeq: -1, rank: 0, unanswered: 0 };
  const view: OfferView = {
    origin: false,
    offerable,
    fromSeq: 0,
    edgeSeq: 7,
    neighbours: [neighbour],
    random: () => 0,
  };
  expect(picker?.offer(view)).toEqual({ neighbour, seq: 7 });
});

test('a file in JavaScript exports a choker as default', async () => {
  const path = fileOf('equal.js', 'export default { rank: (facts) => facts.map(() => 1) };');
  expect((await load({ choker: path })).choker?.rank([], () => 0)).toEqual([]);
});

test.each([
  ['no such file', 'gone.ts', undefined, /^cannot read .*gone\.ts: no such file or folder$/],
  ['a file that throws', 'throws.ts', "throw new Error('not\\ntoday');", /^cannot load .*throws\.ts: .*not today/],
  ['a file without a picker', 'empty.ts', 'export const a = 1;', /empty\.ts exports no picker: expected an object/],
  [
    'a picker that breaks a law',
    'idle.mjs',
    'export const picker = { offer: () => undefined, want: () => [] };',
    /idle\.mjs is no picker for a real swarm: makes an offer when there is an obvious one \(question \d+: nothing, though /,
  ],
])('%s is told in one line', async (_what, name, code, message) => {
  const path = code === undefined ? join(folder, name) : fileOf(name, code);
  const failed = load({ picker: path });
  await expect(failed).rejects.toThrow(message);
  await expect(failed).rejects.toBeInstanceOf(Failure);
  await expect(failed).rejects.not.toThrow(/\n/);
});

test('a choker of one’s own may rank by merit, which is guarded, too', async () => {
  const path = fileOf(
    'merit.js',
    `export const choker = {
      rank: (facts) => facts.map(() => 0),
      merit(facts) {
        if (facts.some(({ id }) => id === -1)) throw new Error('no merit');
        return this.rank(facts).map((rank) => rank + 1);
      },
    };`,
  );
  const told: string[] = [];
  const { choker } = await load({ choker: path }, (failure) => told.push(failure.message));
  const fact = { receivedBytes: 0, sentBytes: 0, forwardedBytes: 0, toldBytes: 0, spreadMs: undefined, connectedMs: 0 };
  const facts = (...ids: number[]) => ids.map((id) => ({ id, group: undefined, incoming: false, ...fact }));
  expect(choker?.merit?.(facts(1, 2))).toEqual([1, 1]);
  expect(choker?.merit?.(facts(-1, 2))).toEqual([0, 0]);
  expect(told).toEqual(['merit.js:4: no merit']);
});

test('what a file throws after the laws is told with its line; the peer goes without an answer', async () => {
  const path = fileOf(
    'late.ts',
    `import { type Choker, roundRobin } from '@tstream/g2g-choker';
    import { newestFirst, type OfferView, type PiecePicker, type WantView } from '@tstream/piece-picker';
    // No window of the laws' questions is there.
    const isOdd = (seq: number): boolean => seq === 555;
    function fail(what: string): never {
      throw new Error(what);
    }
    export const picker: PiecePicker = {
      offer: (view: OfferView) => (isOdd(view.edgeSeq) ? fail('no\\noffer') : newestFirst.offer(view)),
      want: (view: WantView) => (view.missing.some(({ seq }) => isOdd(seq)) ? fail('no want') : newestFirst.want(view)),
    };
    export const choker: Choker = {
      rank: (facts, random) => (facts.some(({ id }) => id === -1) ? fail('no rank') : roundRobin.rank(facts, random)),
    };`,
  );
  const told: string[] = [];
  const { picker, choker } = await load({ picker: path, choker: path }, (failure) => told.push(failure.message));
  const empty = new SeqSet(64);
  const random = () => 0;
  const offerView = { origin: false, offerable: empty, fromSeq: 500, neighbours: [], random };
  expect(picker?.offer({ ...offerView, edgeSeq: 554 })).toBeUndefined();
  expect(told).toEqual([]);
  expect(picker?.offer({ ...offerView, edgeSeq: 555 })).toBeUndefined();
  const missing = [{ seq: 555, waitedMs: 0, asked: 0, failed: false, dueInMs: 0 }];
  expect(picker?.want({ missing, neighbours: [], pieceMs: 100, rttMs: 50, joining: false, random })).toEqual([]);
  const fact = { receivedBytes: 0, sentBytes: 0, forwardedBytes: 0, toldBytes: 0, spreadMs: undefined, connectedMs: 0 };
  const facts = [-1, 3].map((id) => ({ id, group: undefined, incoming: false, ...fact }));
  expect(choker?.rank(facts, random)).toEqual([0, 0]);
  expect(told).toEqual(['late.ts:6: no offer', 'late.ts:6: no want', 'late.ts:6: no rank']);
});
