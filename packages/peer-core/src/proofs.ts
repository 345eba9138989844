/** Signed headers as proofs: that a piece exists, where the live edge is, that the source lives or has ended. */
import { decodeHeader, type PieceHeader } from '@tstream/live-piece-auth';
import { sameBytes } from './bytes.js';
import { supersede } from './certificates.js';
import { ask } from './checks.js';
import type { ConnectionId } from './inputs.js';
import { sendEdge } from './introduce.js';
import { followTransit } from './lag.js';
import { closeNeighbour, type Neighbour, send, viewIn } from './neighbours.js';
import { currentRun, measurePiece, type Proof, type Run, slideWindow, windowStart } from './runs.js';
import { observe, sourceNowMs, transitMs } from './source-clock.js';
import type { State } from './state.js';

/** A header as it came with an EDGE or an OFFER, before its signature is checked. */
export interface Claim {
  readonly connection: ConnectionId;
  readonly bytes: Uint8Array;
  readonly header: PieceHeader;
  readonly arrivedMs: number;
}

/**
 * Reads a header and has it checked, unless the very same bytes were checked before.
 * @returns The claim and its run if it is proven already; undefined if it was refused or has yet to be checked.
 */
export function takeHeader(
  state: State,
  neighbour: Neighbour,
  bytes: Uint8Array,
  kind: 'offer' | 'edge',
): { claim: Claim; run: Run } | undefined {
  const decoded = decodeHeader(bytes);
  if (!decoded.ok) return refuse(state, neighbour, 'bad-header');
  const header = decoded.value;
  const isPiece = !header.heartbeat && !header.end;
  if (kind === 'offer' && !isPiece) return refuse(state, neighbour, 'bad-header');
  const run = state.runs.get(header.run);
  if (!run) {
    if (state.currentRun === undefined || header.run > state.currentRun)
      closeNeighbour(state, neighbour, 'unexpected', false);
    return undefined;
  }
  if (header.payloadBytes > state.config.pieceBytes) return refuse(state, neighbour, 'bad-header');
  if (header.seq < windowStart(state, run) - tolerance(state)) {
    // Who was away knows an old edge only, and says so honestly; who offers what nobody can want doesn't.
    return kind === 'edge' ? undefined : refuse(state, neighbour, 'stale');
  }
  const claim = { connection: neighbour.id, bytes, header, arrivedMs: state.nowMs };
  const known = isPiece ? run.proofs.get(header.seq) : run.edge;
  if (known && sameBytes(known.bytes, bytes)) return { claim, run };
  // A signature costs more than all else of a message: none is checked for what changes nothing if it holds.
  if (kind === 'edge' && !isNewer(run, provenSeq(header), header)) return undefined;
  if (kind === 'offer' && header.seq < run.held.base) {
    decline(state, neighbour, header, 'busy');
    return undefined;
  }
  ask(state, { kind, ...claim }, { kind: 'header', header: bytes, runKey: run.key });
  return undefined;
}

/** Sends away who told a header that is none of the source's, or too old. Once: what else it told is refused with it. */
export function refuse(state: State, neighbour: Neighbour, reason: 'bad-header' | 'stale' | 'future'): undefined {
  state.counters.piecesRejected++;
  closeNeighbour(state, neighbour, reason, true);
  return undefined;
}

export function onEdge(state: State, neighbour: Neighbour, bytes: Uint8Array): void {
  const taken = takeHeader(state, neighbour, bytes, 'edge');
  const view = taken && viewIn(neighbour, taken.run.run);
  if (view) view.edgeKnown = taken.claim.bytes;
}

/**
 * Takes in a header whose signature holds.
 * @returns Its run, or undefined if it is refused for its time, its run is over, or is ours and somebody else signed it.
 */
export function admit(state: State, claim: Claim): Run | undefined {
  const run = state.runs.get(claim.header.run);
  if (!run) return undefined;
  if (run.run === state.ownRun) {
    supersede(state, run.run);
    return undefined;
  }
  const neighbour = state.neighbours.get(claim.connection);
  if (isFromFuture(state, run, claim.header)) {
    return neighbour && refuse(state, neighbour, 'future');
  }
  if (claim.header.sourceTimeMs > run.expiryMs) {
    if (neighbour) closeNeighbour(state, neighbour, 'bad-certificate', true);
    return undefined;
  }
  // Who said it needn't hear it.
  const view = neighbour && viewIn(neighbour, run.run);
  if (view) view.edgeKnown = claim.bytes;
  addProof(state, run, { bytes: claim.bytes, header: claim.header }, claim.arrivedMs);
  return run;
}

/** Records a proof, moves the edge, and passes heartbeats and ENDs on. */
export function addProof(state: State, run: Run, proof: Proof, arrivedMs: number): void {
  const { header } = proof;
  const isPiece = !header.heartbeat && !header.end;
  if (isPiece && header.seq >= run.held.base && !run.proofs.has(header.seq)) run.proofs.set(header.seq, proof);
  const transitBeforeMs = transitMs(run.clock);
  observe(run.clock, header.sourceTimeMs, arrivedMs);
  if (transitBeforeMs !== undefined && state.playout.run === run.run) {
    followTransit(state.playout, transitBeforeMs - (transitMs(run.clock) ?? transitBeforeMs));
  }
  if (isPiece) measurePiece(run, header);
  if (header.end) run.endSeq = header.seq;
  const seq = provenSeq(header);
  if (!isNewer(run, seq, header)) return;
  run.edge = proof;
  if (seq > run.edgeSeq) {
    run.edgeSeq = seq;
    slideWindow(state, run);
  }
  state.timers.edge = state.nowMs + STALE_MS;
  tellEdge(state, run, isPiece);
  if (state.stale && run === currentRun(state)) {
    state.stale = false;
    state.outputs.push({ type: 'event', event: { type: 'live' } });
  }
}

/** A heartbeat goes to everybody; a piece's header to who has yet to say where it wants to begin, and so gets no offers. */
function tellEdge(state: State, run: Run, isPiece: boolean): void {
  for (const view of run.views) if (!isPiece || view.startSeq === Infinity) sendEdge(state, view, run);
}

/** The newest piece that a header proves to exist. */
function provenSeq(header: PieceHeader): number {
  return header.heartbeat || header.end ? header.seq - 1 : header.seq;
}

/** A proof moves the edge if it proves more pieces, or later source time for as many. */
function isNewer(run: Run, seq: number, header: PieceHeader): boolean {
  if (!run.edge || seq > run.edgeSeq) return true;
  if (seq < run.edgeSeq || run.edge.header.end) return false;
  return header.end || header.sourceTimeMs > run.edge.header.sourceTimeMs;
}

/** More than 30 s ahead of the source's clock as estimated, or more pieces than a source makes. */
function isFromFuture(state: State, run: Run, header: PieceHeader): boolean {
  const expectedMs = sourceNowMs(run.clock, state.nowMs);
  if (expectedMs === undefined) return false;
  if (header.sourceTimeMs > expectedMs + FUTURE_MS_MAX) return true;
  const elapsedMs = Math.max(0, state.nowMs - run.clock.newestAtMs) + FUTURE_MS_MAX;
  return header.seq > run.edgeSeq + elapsedMs * PIECES_PER_MS_MAX;
}

/** No proof came for a while: what is known of the edge may be an hour old. */
export function onEdgeTimer(state: State): void {
  state.timers.edge = Infinity;
  const run = currentRun(state);
  if (!run?.edge || run.edge.header.end || state.stale) return;
  if (state.nowMs - run.clock.newestAtMs < STALE_MS) {
    state.timers.edge = run.clock.newestAtMs + STALE_MS;
    return;
  }
  state.stale = true;
  state.outputs.push({ type: 'event', event: { type: 'stale' } });
}

/**
 * Whether the edge may be played as live: a newer proof followed the first one, or the wall clock says that it is
 * recent, or the broadcast has ended.
 */
export function isLive(state: State, run: Run): boolean {
  if (!run.edge) return false;
  if (run.clock.advanced || run.edge.header.end || state.config.role === 'source') return true;
  if (state.wallOffsetMs === undefined) return false;
  const ageMs = state.nowMs + state.wallOffsetMs - run.clock.newestSourceMs;
  return ageMs > -FUTURE_MS_MAX && ageMs < STALE_MS;
}

/** Has a neighbour's claim to be the source checked. */
export function onSourceProof(state: State, neighbour: Neighbour, number: number, proof: Uint8Array): void {
  const run = state.runs.get(number);
  if (!run || neighbour.isSource) return;
  ask(
    state,
    { kind: 'source', connection: neighbour.id, run: number },
    { kind: 'source', proof, proverId: neighbour.peerId, runKey: run.key },
  );
}

export function onSourceChecked(state: State, id: ConnectionId, ok: boolean): void {
  const neighbour = state.neighbours.get(id);
  if (!neighbour) return;
  if (!ok) return closeNeighbour(state, neighbour, 'bad-certificate', true);
  neighbour.isSource = true;
  state.outputs.push({ type: 'event', event: { type: 'sourceFound', connection: id } });
}

/** Says no to an offer. */
export function decline(
  state: State,
  neighbour: Neighbour,
  header: PieceHeader,
  why: 'have' | 'coming' | 'busy',
): void {
  send(state, neighbour, { type: 'decline', run: header.run, seq: header.seq, why });
}

/** A neighbour that lags is not an attacker: an eighth of the window behind it is merely useless. */
function tolerance(state: State): number {
  return Math.max(64, Math.floor(state.config.windowPieces / 8));
}

/** An edge older than this without heartbeat is shown as stale. */
const STALE_MS = 10_000;
/** Clock skew that is tolerated; libswift uses the same. */
const FUTURE_MS_MAX = 30_000;
const PIECES_PER_MS_MAX = 1;
