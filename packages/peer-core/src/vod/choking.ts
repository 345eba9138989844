/** Choking: who is served, by rank, and one more for the sake of finding out. */
import { recentBytes } from '../rate.js';
import { dropWishes } from './serving.js';
import { isWorthServing, show, takeBack } from './super-seeding.js';
import { send, type VodNeighbour } from './vod-neighbours.js';
import type { VodState } from './vod-state.js';

export function onInterested(state: VodState, neighbour: VodNeighbour): void {
  if (neighbour.interestedInUs) return;
  neighbour.interestedInUs = true;
  if (neighbour.choked) welcome(state, neighbour);
}

/** There is somebody to serve. */
export function welcome(state: VodState, neighbour: VodNeighbour): void {
  // Who comes where a slot is free needn't wait for the next round, unless it has to be asked whether it is worth one.
  if (state.choking.unchoked < SLOTS_MIN) turn(state, neighbour, false);
  else if (state.choking.unchoked < slots(state)) hasten(state);
}

export function onNotInterested(state: VodState, neighbour: VodNeighbour): void {
  neighbour.interestedInUs = false;
  if (neighbour.choked || isWorthServing(state, neighbour)) return;
  turn(state, neighbour, true);
  hasten(state);
}

/** A slot has become free. */
export function hasten(state: VodState): void {
  state.timers.choke = Math.min(state.timers.choke, Math.max(state.nowMs, state.choking.lastMs + HASTE_MS));
}

/** Ranks all who are interested, and serves the best. */
export function chokeRound(state: VodState): void {
  const { choking, timers, nowMs } = state;
  choking.lastMs = nowMs;
  timers.choke = nowMs + ROUND_MS;
  const interested = [...state.neighbours.values()].filter((one) => isWorthServing(state, one));
  const chosen = new Set(worthSlots(ranked(state, interested), slots(state)));
  const optimistic = drawOptimistic(
    state,
    interested.filter((one) => !chosen.has(one)),
  );
  if (optimistic) chosen.add(optimistic);
  for (const neighbour of interested) if (!chosen.has(neighbour)) turn(state, neighbour, true);
  for (const neighbour of chosen) turn(state, neighbour, false);
}

/**
 * The best, as many as there are slots. Whoever is served shares the line evenly with the others: so those that rank last, of whom nothing
 * good is known, are served only where fewer than {@link SLOTS_MIN} rank higher, and upload that nobody else wants is theirs.
 */
function worthSlots(places: readonly Place[], count: number): VodNeighbour[] {
  const last = places.findLast(({ rank }) => rank > -Infinity)?.rank ?? -Infinity;
  const better = places.filter(({ rank }) => rank > last).length;
  const served = better === 0 ? count : Math.min(count, Math.max(better, SLOTS_MIN));
  return places.slice(0, served).map(({ neighbour }) => neighbour);
}

interface Place {
  readonly neighbour: VodNeighbour;
  readonly rank: number;
}

/** Best first. Of equal ones, who was unchoked a moment ago keeps its turn; then who has waited longest. */
function ranked(state: VodState, interested: readonly VodNeighbour[]): Place[] {
  const { choker, random } = state.config;
  const facts = interested.map((neighbour) => ({
    id: neighbour.id,
    receivedBytes: recentBytes(neighbour.received, state.nowMs),
    sentBytes: recentBytes(neighbour.sent, state.nowMs),
    forwardedBytes: neighbour.standing.account.creditBytes,
    toldBytes: neighbour.toldBytes,
    spreadMs: undefined,
    connectedMs: state.nowMs - neighbour.joinedMs,
    group: neighbour.group,
    incoming: neighbour.incoming,
  }));
  // Whoever is to be served whatever it gives has the optimistic slot.
  const ranks = choker.merit?.(facts) ?? choker.rank(facts, random);
  const places = interested.map((neighbour, i) => ({
    neighbour,
    rank: neighbour.asking.snubs ? -Infinity : (ranks[i] ?? 0),
    keeps: !neighbour.choked && state.nowMs - neighbour.turnedMs < TURN_MS,
  }));
  places.sort((a, b) => {
    if (a.rank !== b.rank) return b.rank > a.rank ? 1 : -1;
    if (a.keeps !== b.keeps) return a.keeps ? -1 : 1;
    return a.neighbour.turnedMs - b.neighbour.turnedMs || a.neighbour.id - b.neighbour.id;
  });
  return places;
}

/**
 * BEP 3: one is served whatever it gives, another one every thirty seconds, the newly connected three times as likely. Who has just come
 * and was never served is twice as likely again, and doesn't wait for half a minute: it has nothing to give before.
 */
function drawOptimistic(state: VodState, others: readonly VodNeighbour[]): VodNeighbour | undefined {
  const { choking, nowMs } = state;
  const { optimistic } = choking;
  const newcomers = others.filter((one) => nowMs - one.joinedMs < OPTIMISTIC_MS);
  const unserved = newcomers.filter((one) => one.turnedMs === -Infinity);
  const turnMs = unserved.length > 0 ? ROUND_MS : OPTIMISTIC_MS;
  if (optimistic && nowMs < choking.drawnMs + turnMs && others.includes(optimistic)) return optimistic;
  const lots = [...others, ...newcomers, ...newcomers, ...unserved, ...unserved, ...unserved];
  choking.optimistic = lots.length > 0 ? lots[state.config.random(lots.length)] : undefined;
  choking.drawnMs = nowMs;
  return choking.optimistic;
}

function turn(state: VodState, neighbour: VodNeighbour, choked: boolean): void {
  if (neighbour.choked === choked || neighbour.gone) return;
  neighbour.choked = choked;
  neighbour.turnedMs = state.nowMs;
  state.choking.unchoked += choked ? -1 : 1;
  send(state, neighbour, { type: choked ? 'choke' : 'unchoke' });
  if (!choked) return show(state, neighbour);
  dropWishes(state, neighbour);
  takeBack(state, neighbour);
}

/**
 * Half of libtorrent's and the original client's rule, which is the root of 0.6 times the rate in KiB/s: four in place of seven or eight did
 * better in simulated swarms of 60 on lines of 0.75 Mbit/s.
 */
function slots(state: VodState): number {
  const { limitBytesPerSecond } = state.upload;
  const measured = recentBytes(state.sent, state.nowMs) / 10;
  const rate = Math.min(limitBytesPerSecond, Math.max(measured, UNLIMITED_BYTES_PER_SECOND));
  return Math.max(SLOTS_MIN, Math.min(SLOTS_MAX, Math.round(Math.sqrt((0.6 * rate) / 1024) / 2)));
}

/** BEP 3. */
const ROUND_MS = 10_000;
const OPTIMISTIC_MS = 30_000;
/** Of equals each keeps its slot so long. */
const TURN_MS = 30_000;
/** Rounds are no nearer than this to each other. */
const HASTE_MS = 1000;
const SLOTS_MIN = 4;
const SLOTS_MAX = 50;
/** What a line without a limit is taken for until more is measured: four slots. */
const UNLIMITED_BYTES_PER_SECOND = 110_000;
