/** What two neighbours tell each other first. */
import { sendHaves } from './haves.js';
import type { Input } from './inputs.js';
import { createNeighbour, type Neighbour, NeighbourRun, send, sendToAll } from './neighbours.js';
import { currentRun, type Run, setCapacity } from './runs.js';
import type { State } from './state.js';

export function onJoined(state: State, input: Extract<Input, { type: 'joined' }>): void {
  const neighbour = createNeighbour(state, input);
  state.neighbours.set(input.connection, neighbour);
  for (const run of [...state.runs.values()].sort((a, b) => a.run - b.run)) introduceRun(state, neighbour, run);
}

/** Tells everybody of a run that has just been learnt of. */
export function announceRun(state: State, run: Run): void {
  for (const neighbour of state.neighbours.values()) introduceRun(state, neighbour, run);
}

/** All there is to know of a run: certificate, edge, what is held, what is wanted. */
function introduceRun(state: State, neighbour: Neighbour, run: Run): void {
  const view = new NeighbourRun(neighbour, run, setCapacity(state.config.windowPieces));
  neighbour.runs.set(run.run, view);
  neighbour.latest = view;
  run.views.push(view);
  send(state, neighbour, { type: 'cert', certificate: run.certificate });
  if (state.config.role === 'source' && run === currentRun(state)) {
    state.outputs.push({ type: 'prove', connection: neighbour.id, run: run.run });
  }
  sendEdge(state, view, run);
  sendHaves(state, neighbour, run);
  if (run.startSeq !== undefined) send(state, neighbour, { type: 'start', run: run.run, seq: run.startSeq });
}

/** Sends the newest proof of the edge, unless this neighbour has it. */
export function sendEdge(state: State, view: NeighbourRun, run: Run): void {
  if (!run.edge || view.edgeKnown === run.edge.bytes) return;
  view.edgeKnown = run.edge.bytes;
  send(state, view.neighbour, { type: 'edge', header: run.edge.bytes });
}

/** Says from where on pieces of a run are wanted. */
export function startRun(state: State, run: Run, seq: number): void {
  run.startSeq = seq;
  sendToAll(state, run, { type: 'start', run: run.run, seq });
}
