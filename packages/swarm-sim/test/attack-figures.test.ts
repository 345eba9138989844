/** The figures that tell what attacks gain: they must show an attack that works. */
import type { NeighbourFacts } from '@tstream/g2g-choker';
import type { PieceHeader } from '@tstream/live-piece-auth';
import { describe, expect, test } from 'vitest';
import type { Behaviour, PeerClass, SimBlock } from '../src/index.js';
import { BadBlocks } from '../src/metrics/bad-blocks.js';
import { Rankings } from '../src/metrics/rankings.js';
import { Roster } from '../src/metrics/roster.js';
import { VideoSchedule } from '../src/video.js';
import { swarmOf } from './worlds.js';

const VIDEO = new VideoSchedule({ bitsPerSecond: 1_000_000, pieceBytes: 16_384, entryEverySeconds: 1 });

function classOf(name: string, behaviour: Behaviour): PeerClass {
  return { name, count: 1, upload: 1, download: 1, behaviour };
}

/** A source that has made one piece of two blocks, a viewer, and an attacker. */
function world() {
  const swarm = swarmOf();
  const source = swarm.addSource(1);
  source.publish(20_000, 150, 0);
  const classes = [classOf('viewers', 'honest'), classOf('attackers', 'polluter')];
  const roster = new Roster(classes, VIDEO, () => ({ isStalled: false, end: () => {} }));
  const [viewer, attacker] = [swarm.addViewer(), swarm.addViewer()];
  roster.enter(viewer, 0, 0);
  roster.enter(attacker, 1, 0);
  const connection = swarm.connect(viewer, attacker);
  if (connection === undefined) throw new Error('not connected');
  const genuine = (begin: number) => source.member.store.block(1, 0, begin) as SimBlock;
  const badBlocks = new BadBlocks(source, roster);
  const rankings = new Rankings(roster);
  const figures = () => roster.figures(rankings.count);
  const header = source.made[0] as PieceHeader;
  return { viewer, attacker, connection, genuine, badBlocks, rankings, figures, header };
}

function altered({ byteLength }: SimBlock): SimBlock {
  return { byteLength, digest: new Uint8Array(32) };
}

describe('bad blocks', () => {
  /** The attacker sends a block, and the viewer has it checked. */
  function take({ badBlocks, attacker, viewer }: ReturnType<typeof world>, block: SimBlock, atMs: number): void {
    badBlocks.arrived(attacker, 0, 16_384, block);
    badBlocks.read(viewer, block, atMs);
  }

  test('one after which the sender is cut off at once is not forgiven', () => {
    const at = world();
    take(at, altered(at.genuine(16_384)), 5);
    at.badBlocks.cutOff(at.viewer, at.attacker, 5);
    expect(at.figures()['attackers']).toMatchObject({ badBlocks: 1, badBlocksForgiven: 0 });
  });

  test('one after which the sender goes on is', () => {
    const at = world();
    take(at, altered(at.genuine(16_384)), 5);
    take(at, altered(at.genuine(16_384)), 7);
    at.badBlocks.cutOff(at.viewer, at.attacker, 7);
    expect(at.figures()['attackers']).toMatchObject({ badBlocks: 2, badBlocksForgiven: 1 });
    take(at, altered(at.genuine(16_384)), 8);
    at.badBlocks.cutOff(at.viewer, at.attacker, 9);
    expect(at.figures()['attackers']).toMatchObject({ badBlocks: 3, badBlocksForgiven: 2 });
  });

  test('what the source made is none, and what is thrown away unread does not count', () => {
    const at = world();
    take(at, at.genuine(16_384), 5);
    at.badBlocks.arrived(at.attacker, 0, 0, altered(at.genuine(0)));
    expect(at.figures()['attackers']).toMatchObject({ badBlocks: 0, badBlocksForgiven: 0 });
  });

  test('the source’s own block in another’s place is one', () => {
    const at = world();
    take(at, at.genuine(0), 5);
    expect(at.figures()['attackers']?.badBlocks).toBe(1);
  });

  test('a reader that gets one has played its bytes', () => {
    const { viewer, genuine, badBlocks, figures, header } = world();
    viewer.store.put(header, 0, genuine(0));
    viewer.store.put(header, 16_384, genuine(16_384));
    badBlocks.played(viewer, header);
    expect(figures()['viewers']?.badBytesPlayed).toBe(0);
    viewer.store.put(header, 16_384, altered(genuine(16_384)));
    badBlocks.played(viewer, header);
    expect(figures()['viewers']?.badBytesPlayed).toBe(20_000 - 16_384);
  });
});

describe('rankings', () => {
  const facts = (id: number): NeighbourFacts => ({
    id,
    receivedBytes: 0,
    sentBytes: 0,
    forwardedBytes: 0,
    toldBytes: 0,
    spreadMs: undefined,
    connectedMs: 0,
    group: undefined,
    incoming: false,
  });

  test('the mean of what honest viewers gave, and how often one went before all', () => {
    const { viewer, attacker, connection, rankings, figures } = world();
    for (const rank of [100, 300, Infinity, 200]) rankings.add(viewer, [facts(connection)], [rank]);
    expect(figures()['attackers']).toMatchObject({ meanRank: 200, favouredShare: 0.25 });
    // An attacker ranks as it likes.
    rankings.add(attacker, [facts(connection)], [999]);
    expect(figures()).toMatchObject({ viewers: { meanRank: 0 }, attackers: { favouredShare: 0.25 } });
  });
});
