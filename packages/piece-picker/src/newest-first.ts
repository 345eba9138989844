import type { MissingPiece, NeighbourView, Offer, OfferView, PiecePicker, Want, WantView } from './picker.js';
import { takesOffers } from './serving.js';

/**
 * The live default: the newest piece first, to the stronger of two that need it, unless an older one is known to fewer:
 * it has fallen behind, and would stay there. But once a third of the neighbours know even that, who asks for a piece goes
 * first; those that rank last alike only every second time. A source first sends what no neighbour holds, oldest first, so that
 * a slow uplink still puts every piece into the swarm once. A piece that failed on its way is asked for at once, one that
 * nobody has offered when it is due soon, of some who hold it, or of everybody if nobody does; both again later, and later
 * each time. A joiner's first ones are asked for at once.
 */
export const newestFirst: PiecePicker = { offer, want };

function offer(view: OfferView): Offer | undefined {
  if (view.origin) return offerUnseen(view) ?? offerWanted(view) ?? offerLagging(view) ?? offerNewest(view);
  const rarest = offerRarest(view);
  if (rarest && isRare(view, rarest.seq)) return rarest;
  const aboveRank = view.random(LAST_ONE_IN) === 0 ? -Infinity : leastRank(view);
  return offerWanted(view, aboveRank) ?? rarest ?? offerWanted(view) ?? offerNewest(view);
}

/** The rank of those that are served last, if several share it, as those do that give nothing. −Infinity if one is alone in it, as one has to be, or if all share it. */
function leastRank({ neighbours }: OfferView): number {
  let least = Infinity;
  let sharing = 0;
  for (const { rank } of neighbours) {
    if (rank === least) sharing++;
    if (rank >= least) continue;
    least = rank;
    sharing = 1;
  }
  return sharing > 1 && sharing < neighbours.length ? least : -Infinity;
}

/** It multiplies yet: whoever gets it passes it on to many. */
function isRare({ neighbours }: OfferView, seq: number): boolean {
  let knowing = 0;
  for (const { known } of neighbours) if (known.has(seq)) knowing++;
  return knowing * COMMON_PART < neighbours.length;
}

/**
 * Where all but one know a piece, there is always another one that fewer know, and nobody ever comes to it: 60 viewers whose lines carry 1.1 ×
 * the video lost 3 to 6 % of pieces that most of their neighbours held, and had been asked for. A source is asked for the same piece by all
 * when whoever got it passes nothing on: it waits until what is on its way has come, or it would send each of them a copy.
 * @param aboveRank - Who ranks no higher isn't heard.
 */
function offerWanted(view: OfferView, aboveRank = -Infinity): Offer | undefined {
  const { origin, neighbours, offerable, fromSeq, random } = view;
  let best: Offer | undefined;
  // Of equals not always the same one: who came last would get nothing where many ask.
  const first = neighbours.length === 0 ? 0 : random(neighbours.length);
  for (let i = 0; i < neighbours.length; i++) {
    const neighbour = neighbours[(first + i) % neighbours.length] as NeighbourView;
    const seq = neighbour.wantedSeq;
    if (seq < Math.max(fromSeq, neighbour.startSeq) || !offerable.has(seq) || neighbour.known.has(seq)) continue;
    if (!takesOffers(neighbour) || neighbour.rank <= Math.max(aboveRank, best?.neighbour.rank ?? -Infinity)) continue;
    if (origin && neighbours.some(({ known, held }) => known.has(seq) && !held.has(seq))) continue;
    best = { neighbour, seq };
  }
  return best;
}

/**
 * Of recent pieces the one that fewest neighbours know, the newest of several. In a simulated swarm of 20 on narrow
 * lines, newest first alone leaves some pieces with two holders for seconds, as each soon has newer ones to send:
 * the 95th percentile of the delay falls from 3.3 s to 2.3 s, that of another seed from 4.5 s to 2.7 s.
 */
function offerRarest(view: OfferView): Offer | undefined {
  const { neighbours } = view;
  const fromSeq = Math.max(view.fromSeq, view.edgeSeq - BEHIND_PIECES + 1);
  const known: number[] = [];
  for (const neighbour of neighbours) known.push(neighbour.known.bits(fromSeq));
  let best: Offer | undefined;
  let fewest = neighbours.length;
  for (let needed = neededBits(view, fromSeq, known); needed !== 0; ) {
    const bit = 31 - Math.clz32(needed);
    needed &= ~(1 << bit);
    let knowing = 0;
    for (const bits of known) knowing += (bits >>> bit) & 1;
    if (knowing >= fewest) continue;
    const neighbour = strongest(view, fromSeq + bit);
    if (!neighbour) continue;
    best = { neighbour, seq: fromSeq + bit };
    fewest = knowing;
    // Nobody but the one it came from: no piece is behind that.
    if (knowing <= 1) break;
  }
  return best;
}

/** Of 32 pieces those that could be offered to somebody, one bit each. A word at a time: this is asked more often than anything else. */
function neededBits(view: OfferView, fromSeq: number, known: readonly number[]): number {
  const held = view.offerable.bits(fromSeq) & upTo(view.edgeSeq - fromSeq);
  let needed = 0;
  for (let i = 0; i < known.length; i++) {
    const lacked = held & ~(known[i] as number);
    if (lacked === 0) continue;
    const neighbour = view.neighbours[i] as NeighbourView;
    if (takesOffers(neighbour)) needed |= lacked & ~upTo(neighbour.startSeq - 1 - fromSeq);
  }
  return needed;
}

/** Mask of the bits 0 … `bit`; none if it is negative, all from 31 on. */
function upTo(bit: number): number {
  if (bit < 0) return 0;
  return bit >= 31 ? -1 : (1 << (bit + 1)) - 1;
}

function offerNewest(view: OfferView): Offer | undefined {
  const { neighbours, offerable, edgeSeq } = view;
  const first = neighbours.length === 0 ? 0 : view.random(neighbours.length);
  let best: Offer | undefined;
  for (let i = 0; i < neighbours.length; i++) {
    const neighbour = neighbours[(first + i) % neighbours.length] as NeighbourView;
    if (!takesOffers(neighbour)) continue;
    const from = Math.max(neighbour.startSeq, view.fromSeq);
    let seq = offerable.highestMissingIn(neighbour.known, from, edgeSeq);
    while (seq >= 0 && isSpreading(view, seq)) seq = offerable.highestMissingIn(neighbour.known, from, seq - 1);
    if (seq < 0) continue;
    if (!best || seq > best.seq || (seq === best.seq && neighbour.rank > best.neighbour.rank))
      best = { neighbour, seq };
  }
  return best;
}

/**
 * A recent piece that half of a source's neighbours know spreads without it: they are quicker than its uplink, and
 * whoever accepts from the source waits while they could have delivered.
 */
function isSpreading(view: OfferView, seq: number): boolean {
  if (!view.origin || view.edgeSeq - seq >= SPREADING_PIECES) return false;
  let knowing = 0;
  for (const neighbour of view.neighbours) if (knows(neighbour, seq)) knowing++;
  return knowing * 2 >= view.neighbours.length;
}

/** An offer that isn't answered yet doesn't count: its reader may be asleep. */
function knows(neighbour: NeighbourView, seq: number): boolean {
  return neighbour.held.has(seq) || (neighbour.unanswered === 0 && neighbour.known.has(seq));
}

function offerUnseen(view: OfferView): Offer | undefined {
  const from = Math.max(view.fromSeq, view.edgeSeq - UNSEEN_PIECES);
  for (let seq = view.offerable.nextFrom(from); seq >= 0; seq = view.offerable.nextFrom(seq + 1)) {
    if (view.neighbours.some((neighbour) => neighbour.known.has(seq))) continue;
    const neighbour = strongest(view, seq);
    if (neighbour) return { neighbour, seq };
  }
  return undefined;
}

/**
 * A source's piece that should have spread by itself and hasn't: newer ones have overtaken it, as whoever got it first passes nothing
 * on. Newest first alone never comes back to it: with four free-riders among twenty viewers the honest ones lost up to a tenth of all
 * pieces. What is merely not yet known to many is not behind: a source that gave all but its first copies to whatever half of its
 * neighbours didn't know after four pieces' time made 300 viewers wait for 12.4 τ in the median, now 11 (`fast-1000` with 300).
 * Of several the one that fewest know, the newest of these: what nobody waits for any more would take all of the uplink.
 */
function offerLagging(view: OfferView): Offer | undefined {
  const { neighbours, offerable, edgeSeq } = view;
  let best: Offer | undefined;
  let fewest = neighbours.length;
  let mostOfNewer = 0;
  const from = Math.max(view.fromSeq, edgeSeq - UNSEEN_PIECES);
  for (let seq = edgeSeq; seq >= from; seq--) {
    if (!offerable.has(seq)) continue;
    const { wanting, knowing } = spreadOf(neighbours, seq);
    const isOvertaken = knowing * OVERTAKEN_BY < mostOfNewer && edgeSeq - seq >= SPREADING_PIECES;
    mostOfNewer = Math.max(mostOfNewer, knowing);
    if (!isOvertaken || knowing * 2 >= wanting || knowing >= fewest) continue;
    const neighbour = strongest(view, seq);
    if (!neighbour) continue;
    best = { neighbour, seq };
    fewest = knowing;
  }
  return best;
}

/** How many neighbours want a piece, or have it, and how many of these know it. */
function spreadOf(neighbours: readonly NeighbourView[], seq: number): { wanting: number; knowing: number } {
  let wanting = 0;
  let knowing = 0;
  for (const { startSeq, known } of neighbours) {
    if (startSeq > seq) continue;
    wanting++;
    if (known.has(seq)) knowing++;
  }
  return { wanting, knowing };
}

function strongest(view: OfferView, seq: number): NeighbourView | undefined {
  const { neighbours } = view;
  const first = neighbours.length === 0 ? 0 : view.random(neighbours.length);
  let best: NeighbourView | undefined;
  for (let i = 0; i < neighbours.length; i++) {
    const neighbour = neighbours[(first + i) % neighbours.length] as NeighbourView;
    if (!takesOffers(neighbour) || neighbour.startSeq > seq || neighbour.known.has(seq)) continue;
    if (!best || neighbour.rank > best.rank) best = neighbour;
  }
  return best;
}

function want(view: WantView): readonly Want[] {
  const wants: Want[] = [];
  for (const piece of view.missing) {
    if (!isDue(piece, view)) continue;
    const { seq, failed } = piece;
    const holders = someHolders(view, seq);
    // Everybody was told that it is coming: if few have it yet, everybody has to know that it isn't.
    const asked = failed && holders.length < HOLDERS_ASKED ? view.neighbours : holders;
    for (const neighbour of asked) wants.push({ neighbour, seq });
  }
  return wants;
}

/**
 * Some of them by chance, first those that aren't the worst forwarders: where half of 60 viewers pass nothing on, one of the others asked these
 * for its pieces, and lost a fifth of them. To ask the best ones is worse where nobody has much to spare: all ask the same. So would a joiner, who
 * asks one for each of all its pieces.
 */
function someHolders({ neighbours, joining, random }: WantView, seq: number): readonly NeighbourView[] {
  const holders = neighbours.filter((neighbour) => neighbour.held.has(seq));
  const first = holders.length === 0 ? 0 : random(holders.length);
  const turned = [...holders.slice(first), ...holders.slice(0, first)];
  if (joining) return turned.slice(0, 1);
  const least = holders.reduce((lowest, { rank }) => Math.min(lowest, rank), Infinity);
  const better = turned.filter(({ rank }) => rank > least);
  return [...better, ...turned.filter(({ rank }) => rank === least)].slice(0, HOLDERS_ASKED);
}

function isDue({ waitedMs, asked, failed, dueInMs }: MissingPiece, view: WantView): boolean {
  const { joining, pieceMs, rttMs } = view;
  if (joining && asked === 0) return true;
  const doublings = joining ? 0 : Math.min(asked, DOUBLINGS_MAX);
  if (waitedMs < Math.max(REPAIR_PIECES * pieceMs, REPAIR_MS_MIN) * 2 ** doublings) return false;
  // What nobody has offered yet is on its way through the swarm: asked for by all, it would be sent twice as often.
  const urgentMs = URGENT_PIECES * pieceMs + URGENT_ROUND_TRIPS * rttMs;
  return joining || failed || Math.min(dueInMs, FORGOTTEN_PIECES * pieceMs - waitedMs) < urgentMs;
}

/** A piece is common when one neighbour in so many knows it. Of ½, ⅓ and none the one that loses least where upload is short. */
const COMMON_PART = 3;
/**
 * What those that rank last alike ask for goes before what is common one time in so many. Where upload is short, 300 of a thousand viewers that forward nothing
 * ask often: the others lose 13 % of pieces with one, 2.5 with two, 0.4 with three, 0.02 with eight (`free-riders-short-1000`). Behind NATs many rank last for
 * no fault of theirs: 0.004, 0.011, 0.023 and 0.15 % (`nat-1000`; each seed 2).
 */
const LAST_ONE_IN = 2;
/** How far back a source looks for pieces that nobody holds. A guess: about ten seconds of video. */
const UNSEEN_PIECES = 64;
/** How far back a piece that has fallen behind is looked for, at most 32: the bits of a word. About five seconds of video. */
const BEHIND_PIECES = 32;
/** After so many pieces' time a piece that somebody still lacks needs the source after all. A guess. */
const SPREADING_PIECES = 4;
/**
 * A piece is behind when a newer one is known to so many times as many: of 2, 3 and 4 the one that loses least where half of the viewers are
 * weak (mixed-60).
 */
const OVERTAKEN_BY = 3;
/** A piece is missed after this many pieces' time: the delivery model loses nothing with 5. */
const REPAIR_PIECES = 5;
/**
 * A piece that was never offered is asked for when it is due so soon, or has been missing for long. WANT, OFFER, request and piece are two round trips, and
 * a line may be busy. A thousand viewers at 25 ms lose 0.13 % of pieces with twelve pieces' time, 0.08 with ten; at 150 ms 0.14 and 0.21, and with
 * seventeen 0.07 (`tight-1000`, `far-1000`, two seeds). The last is a guess.
 */
const URGENT_PIECES = 10;
const URGENT_ROUND_TRIPS = 3;
const FORGOTTEN_PIECES = 40;
/**
 * Twice as late each time: where many pieces are missing, asking for all of them again and again is what leaves no room for them. With
 * half the viewers at a quarter of the bitrate, WANTs took half of the lines of those.
 */
const DOUBLINGS_MAX = 4;
/** One may be busy or asleep. A guess. */
const HOLDERS_ASKED = 3;
/** … but not before this, or short pieces would be asked for while still under way. A guess. */
const REPAIR_MS_MIN = 300;
