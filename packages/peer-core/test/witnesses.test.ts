import type { NeighbourFacts } from '@tstream/g2g-choker';
import { type PeerName, peerName, type WitnessReport } from '@tstream/wire-ext';
import { describe, expect, test } from 'vitest';
import { peerId } from './loop.js';
import { viewer } from './stage.js';

const PIECE = 20_000;

/** A viewer with four neighbours. Facts are as its choker saw them last. */
function swarm() {
  let facts: readonly NeighbourFacts[] = [];
  const choker = {
    rank(seen: readonly NeighbourFacts[]) {
      facts = seen;
      return seen.map(() => 0);
    },
  };
  const { stage, author } = viewer([1, 2, 3, 4], { choker });
  const says = (connection: number, seqs: readonly number[]) => {
    for (const seq of seqs) {
      stage.hear(connection, { type: 'live-have', run: 5, base: seq, bitmap: Uint8Array.of(0x80) });
    }
  };
  return {
    stage,
    says,
    /** A neighbour gives us these pieces. */
    gives(connection: number, seqs: readonly number[]) {
      for (const seq of seqs) {
        stage.hear(connection, { type: 'offer', header: author.piece(seq) });
        for (const [i, block] of author.blocks(seq).entries()) {
          stage.hear(connection, { type: 'piece', index: seq, begin: i * 16384, block });
        }
      }
    },
    /** A neighbour wants our newest piece, and takes it. */
    takes(connection: number, seq: number) {
      expect(stage.hear(connection, { type: 'start', run: 5, seq })).toEqual([`to ${connection}: offer 5/${seq}`]);
      stage.hear(connection, { type: 'request', index: seq, begin: 0, length: 16384 });
      const said = stage.hear(connection, { type: 'request', index: seq, begin: 16384, length: PIECE - 16384 });
      expect(said.some((word) => word.startsWith(`to ${connection}: block 5/${seq}`))).toBe(true);
      says(connection, [seq]);
    },
    witness(connection: number, reports: readonly WitnessReport[], names: readonly PeerName[] = []) {
      return stage.hear(connection, { type: 'witness', run: 5, base: 8, names, reports });
    },
    credit(connection: number) {
      stage.pass(1000);
      return facts.find(({ id }) => id === connection)?.forwardedBytes;
    },
  };
}

function name(connection: number): PeerName {
  return peerName(peerId(`neighbour ${connection}`));
}

/** It delivered these pieces, from 8 on. */
function from(connection: number, ...seqs: readonly number[]): WitnessReport {
  const bitmap = new Uint8Array(8);
  for (const seq of seqs) bitmap[(seq - 8) >> 3] = (bitmap[(seq - 8) >> 3] as number) | (0x80 >> ((seq - 8) & 7));
  return { name: name(connection), bitmap };
}

/** 3 gave us ten pieces, so it can vouch for one. 1 gave us piece 19, we gave it to 2. */
function forwarded() {
  const peers = swarm();
  peers.gives(3, [9, 10, 11, 12, 13, 14, 15, 16, 17, 18]);
  peers.gives(1, [19]);
  peers.takes(2, 19);
  return peers;
}

describe('who passes on what we gave it', () => {
  test('is credited when the one who got it says so', () => {
    const { says, witness, credit } = forwarded();
    says(3, [19]);
    witness(3, [from(2, 19)]);
    expect(credit(2)).toBe((PIECE * 9) / 10);
    expect(credit(1)).toBe(0);
  });

  test('is credited once', () => {
    const { says, witness, credit } = forwarded();
    says(3, [19]);
    for (let i = 0; i < 5; i++) witness(3, [from(2, 19), from(2, 19)]);
    expect(credit(2)).toBe((PIECE * 9) / 10);
  });

  test.each<[string, (peers: ReturnType<typeof forwarded>) => void]>([
    ['the witness does not hold the piece', ({ witness }) => witness(3, [from(2, 19)])],
    ['the one named never got it from us', ({ says, witness }) => (says(3, [19]), witness(3, [from(4, 19)]))],
    ['the witness itself got it from us', ({ witness }) => witness(2, [from(2, 19)])],
    ['the witness itself gave it to us', ({ says, witness }) => (says(3, [9]), witness(3, [from(2, 9)]))],
    ['the witness gave us nothing', ({ witness }) => witness(4, [from(2, 19)])],
    ['it speaks of itself', ({ witness }) => witness(2, [from(2, 19)])],
    [
      'the run is another',
      ({ stage, says }) => (
        says(3, [19]), stage.hear(3, { type: 'witness', run: 6, base: 8, names: [], reports: [from(2, 19)] })
      ),
    ],
  ])('is not credited when %s', (_, happens) => {
    const peers = forwarded();
    happens(peers);
    expect([1, 2, 3, 4].map(peers.credit)).toEqual([0, 0, 0, 0]);
  });

  test('is credited no more than a tenth of what the witness gave us', () => {
    const peers = swarm();
    peers.gives(3, [9]);
    peers.gives(1, [19]);
    peers.takes(2, 19);
    peers.says(3, [19]);
    peers.witness(3, [from(2, 19)]);
    expect(peers.credit(2)).toBe((PIECE / 10) * 0.9);
  });

  test('is credited, and not who came later under its name', () => {
    const peers = forwarded();
    peers.stage.tell({ type: 'joined', connection: 7, peerId: peerId('neighbour 2') });
    peers.says(3, [19]);
    peers.witness(3, [from(2, 19)]);
    expect(peers.credit(7)).toBe(0);
    expect(peers.credit(2)).toBeGreaterThan(0);
  });
});

describe('a witness', () => {
  test('names its neighbours to each of them, once', () => {
    const { stage, gives } = swarm();
    gives(1, [9, 10, 11, 12, 13, 14, 15, 16]);
    const said = () => stage.pass(500).filter((word) => word.includes('witness'));
    expect(said()).toEqual([1, 2, 3, 4].map((to) => `to ${to}: witness, knows 3 others`));
    gives(1, [17, 18, 19, 20, 21, 22, 23, 24]);
    expect(said()).toEqual([]);
    stage.join(8);
    gives(1, [25, 26]);
    expect(said()).toEqual(['to 8: witness, knows 4 others']);
  });

  test('says who delivered what to those who know the deliverer, each in turn, each piece once', () => {
    const { stage, gives, witness } = swarm();
    const said = () => stage.pass(500).filter((word) => word.includes('came from'));
    witness(2, [], [name(1), name(3)]);
    witness(4, [], [name(3)]);
    gives(1, [9, 11]);
    gives(3, [10, 12]);
    gives(2, [13, 14, 15, 16]);
    expect(said()).toEqual([
      `to 2: witness, knows 3 others, 5/9,11 came from ${name(1)}, 5/10,12 came from ${name(3)}`,
      `to 4: witness, knows 3 others, 5/10,12 came from ${name(3)}`,
    ]);
    gives(2, [17, 18, 19, 20]);
    expect(said()).toEqual([]);
    gives(3, [21, 22, 23, 24]);
    expect(said()).toEqual([
      `to 2: witness, 5/21,22,23,24 came from ${name(3)}`,
      `to 4: witness, 5/21,22,23,24 came from ${name(3)}`,
    ]);
  });

  test('speaks once for two pieces that it got', () => {
    const { stage, gives, witness } = swarm();
    for (const connection of [1, 2, 3]) witness(connection, [], [name(4)]);
    const count = () => stage.pass(500).filter((word) => word.includes('witness')).length;
    gives(4, [9]);
    expect(count()).toBe(0);
    gives(4, [10]);
    expect(count()).toBe(1);
    gives(4, [11, 12, 13, 14]);
    expect(count()).toBe(2);
  });

  test('does not speak to the source, nor of it', () => {
    const { stage, gives, witness } = swarm();
    for (const connection of [1, 2, 3]) witness(connection, [], [name(4)]);
    stage.hear(4, { type: 'source', run: 5, proof: new Uint8Array(64) });
    gives(4, [9, 10, 11, 12, 13, 14, 15, 16]);
    expect(stage.pass(500).filter((word) => word.includes('witness'))).toEqual(
      [1, 2, 3].map((to) => `to ${to}: witness, knows 2 others`),
    );
  });

  test('forgets the oldest of more than 64 names that a neighbour told', () => {
    const { stage, gives, witness } = swarm();
    const strangers = Array.from({ length: 64 }, (_, i) => (i + 1).toString(16).padStart(16, '0'));
    witness(2, [], [name(1), name(3)]);
    witness(2, [], strangers.slice(0, 63));
    gives(1, [9, 10]);
    gives(3, [11, 12, 13, 14]);
    const said = stage.pass(500).filter((word) => word.includes('came from'));
    expect(said).toEqual([`to 2: witness, knows 3 others, 5/11,12,13,14 came from ${name(3)}`]);
  });
});
