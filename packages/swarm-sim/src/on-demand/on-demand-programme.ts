import type { Choker } from '@tstream/g2g-choker';
import type { VodPicker } from '@tstream/piece-picker';
import type { LineConfig } from '../access-line.js';
import { draw } from '../distributions.js';
import type { Member } from '../member.js';
import { OnDemandRecorder } from '../metrics/on-demand-recorder.js';
import { watched } from '../metrics/rankings.js';
import type { Observer } from '../observer.js';
import { vodPickerNamed } from '../policies.js';
import type { Programme, ProgrammeFigures, Staging } from '../programme.js';
import { Random } from '../random.js';
import { withoutReferences } from '../references.js';
import type { OnDemand, PeerClass } from '../scenario.js';
import { type Film, filmOf } from './film.js';
import { Seat, type SeatConfig } from './seat.js';
import type { Jump } from './viewer.js';

/** A film that a seeder has, and viewers who come to watch it from its beginning and serve each other. */
export class OnDemandProgramme implements Programme {
  readonly source: Member;
  readonly #staging: Staging;
  readonly #film: Film;
  readonly #picker: VodPicker;
  readonly #random: Random;
  readonly #recorder: OnDemandRecorder;

  constructor(staging: Staging, onDemand: OnDemand) {
    const { scenario, options, plan, swarm, sourceLine, choker } = staging;
    this.#staging = staging;
    this.#film = filmOf(plan, onDemand);
    this.#picker = options.vodPicker ?? vodPickerNamed(scenario.policies?.picker ?? 'default');
    this.#random = new Random(options.seed + ON_DEMAND_SEEDS);
    const seat = this.#createSeat(choker, { isSeed: true, isFirst: true, isFreeRider: false, onHeld: () => {} });
    this.source = swarm.addActor(seat, sourceLine);
    this.#recorder = new OnDemandRecorder(scenario.peers, plan, this.source, (member) => this.#seen(member));
  }

  get observer(): Observer {
    return this.#recorder;
  }

  enter(peerClass: PeerClass, classIndex: number, line: LineConfig): Member {
    const { swarm, choker: own, options } = this.#staging;
    const { nowMs } = swarm;
    const choker = watched(own, (facts, ranks) => this.#recorder.ledger.ranked(member, facts, ranks, swarm.nowMs));
    const isSeed = peerClass.role === 'seed';
    const onHeld = (seq: number) =>
      options.trace?.({ what: 'whole', atUs: swarm.nowMs * 1000, peer: member.number, seq });
    const seat = this.#createSeat(choker, {
      isSeed,
      isFirst: false,
      isFreeRider: peerClass.behaviour === 'free-rider',
      onHeld,
    });
    const member: Member = swarm.addActor(seat, line);
    this.#recorder.enter(member, classIndex, nowMs);
    const viewing = this.#recorder.viewingOf(member);
    if (viewing) seat.watch(viewing, this.#jumpOf(peerClass), nowMs);
    return member;
  }

  leave(member: Member): void {
    this.#recorder.roster.leave(member, this.#staging.swarm.nowMs);
  }

  begin(): void {
    this.#recorder.ledger.begin();
  }

  look(atMs: number): void {
    this.#recorder.ledger.look(atMs);
  }

  figures(atMs: number): ProgrammeFigures {
    const figures = this.#recorder.ledger.figures(atMs);
    return { ...figures, classes: withoutReferences(figures.classes) };
  }

  #createSeat(
    choker: Choker,
    { isSeed, isFirst, ...rest }: Pick<SeatConfig, 'isFreeRider' | 'onHeld'> & Record<'isSeed' | 'isFirst', boolean>,
  ): Seat {
    const { lengthBytes, pieceBytes, pieces } = this.#film;
    const random = this.#random.fork();
    const peer = {
      lengthBytes,
      pieceBytes,
      held: new Uint8Array(pieces).fill(isSeed ? 1 : 0),
      superSeeding: isFirst,
      uploadBytesPerSecond: Infinity,
      downloadBytesPerSecond: Infinity,
      picker: this.#picker,
      choker,
      random: (below: number) => random.below(below),
    };
    return new Seat({ film: this.#film, peer, ...rest }, this.#staging.swarm.nowMs);
  }

  #jumpOf({ seek }: PeerClass): Jump | undefined {
    if (!seek) return undefined;
    const { lengthBytes, bytesPerSecond } = this.#film;
    const byteAt = (seconds: number) => Math.floor(seconds * bytesPerSecond);
    const lastByte = Math.max(0, lengthBytes - byteAt(1));
    const afterByte = Math.max(1, byteAt(draw(seek.afterSeconds, this.#random)));
    return { afterByte, toByte: Math.min(lastByte, byteAt(draw(seek.toSeconds, this.#random))) };
  }

  /** A viewer has seen the film: it serves as long as its class does. */
  #seen(member: Member): void {
    const { swarm, dismiss } = this.#staging;
    const stayAfter = this.#recorder.roster.entryOf(member)?.peerClass.stayAfter;
    if (stayAfter === undefined) return;
    swarm.at(swarm.nowMs + Math.round(1000 * draw(stayAfter, this.#random)), () => dismiss(member));
  }
}

/** Apart from the seeds that the swarm, its population, places and lines draw from. */
const ON_DEMAND_SEEDS = 2 ** 35;
