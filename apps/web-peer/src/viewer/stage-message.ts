import { formatBytes, formatDuration } from '../format.js';
import type { ViewerStats } from './viewer-stats.js';

/** How the player of this page is doing. */
export type Phase = 'idle' | 'connecting' | 'showing' | 'reconnecting' | 'resting' | 'unplayable' | 'unsupported';

/** What a person should know that the picture doesn't tell. */
export interface StageMessage {
  /** `cover` stands in for the picture, `note` lies over it. */
  readonly weight: 'cover' | 'note';
  /** Something is under way: show that it is. */
  readonly busy: boolean;
  readonly title: string;
  readonly text: string;
}

export interface StageView {
  /** Last answer of the local peer; undefined before the first. */
  readonly stats: ViewerStats | undefined;
  readonly peerAnswers: boolean;
  readonly phase: Phase;
  /** There is a picture (or sound) to look at, even if it stands still. */
  readonly hasPicture: boolean;
  readonly streamUrl: string;
}

/** Says what the stage says now; undefined while the picture speaks for itself. */
export function stageMessage(view: StageView): StageMessage | undefined {
  const weight = view.hasPicture ? 'note' : 'cover';
  if (!view.peerAnswers) return lost(weight, view.stats !== undefined);
  if (view.phase === 'unsupported') return noPlayer(view.streamUrl);
  const state = view.stats?.state;
  if (view.stats === undefined || state === undefined) {
    return { weight, busy: true, title: 'One moment', text: 'Asking the viewer on this computer.' };
  }
  if (state === 'waiting') return waiting();
  if (state === 'ended') return view.phase === 'showing' ? undefined : ended(view.stats);
  if (state === 'stale') return stale(weight, view.stats.edgeAgeMs);
  if (view.phase === 'unplayable') return unplayable(view.streamUrl);
  if (view.phase === 'resting') return resting();
  if (state === 'buffering') {
    return { weight, busy: true, title: 'Filling the buffer', text: 'The first pieces are coming in from the swarm.' };
  }
  if (state === 'stalled') {
    return { weight, busy: true, title: 'Waiting for pieces', text: 'It goes on as soon as they are here.' };
  }
  if (view.phase === 'reconnecting') {
    return {
      weight,
      busy: true,
      title: 'Picking the picture up again',
      text: 'The connection on this computer ended.',
    };
  }
  if (!view.hasPicture && state === 'playing') {
    return { weight, busy: true, title: 'Almost there', text: 'Waiting for the first whole picture.' };
  }
  return undefined;
}

function lost(weight: StageMessage['weight'], hadAnswer: boolean): StageMessage {
  return {
    weight,
    busy: true,
    title: 'The viewer on this computer does not answer',
    text: `Is tstream-peer ${hadAnswer ? 'still ' : ''}running? This page goes on by itself when it is.`,
  };
}

function waiting(): StageMessage {
  return {
    weight: 'cover',
    busy: true,
    title: 'The broadcast has not begun',
    text: 'Nothing to do: this page starts by itself.',
  };
}

function ended(stats: ViewerStats): StageMessage {
  const given = stats.upBytes > 0 ? ` You passed ${formatBytes(stats.upBytes)} on to others. Thank you.` : '';
  return { weight: 'cover', busy: false, title: 'The broadcast is over', text: `Nothing more will come.${given}` };
}

function stale(weight: StageMessage['weight'], edgeAgeMs: number): StageMessage {
  const since = edgeAgeMs > 0 ? ` for ${formatDuration(edgeAgeMs)}` : '';
  return {
    weight,
    busy: true,
    title: 'The broadcaster has gone quiet',
    text: `Nothing heard${since}. This page goes on by itself when there is more.`,
  };
}

function resting(): StageMessage {
  return { weight: 'cover', busy: false, title: 'Paused', text: 'Press play to go on with the newest picture.' };
}

function noPlayer(streamUrl: string): StageMessage {
  return {
    weight: 'cover',
    busy: false,
    title: 'This browser cannot play the stream',
    text: `Open ${streamUrl} in VLC or mpv; the figures here go on.`,
  };
}

function unplayable(streamUrl: string): StageMessage {
  return {
    weight: 'cover',
    busy: false,
    title: 'This browser does not know the stream’s format',
    text: `VLC and mpv most likely do: open ${streamUrl} there.`,
  };
}

/** The word in the page's corner. */
export function stateWord(view: StageView): string {
  if (!view.peerAnswers) return 'No answer';
  switch (view.stats?.state) {
    case undefined:
      return 'Connecting';
    case 'waiting':
      return 'Not begun';
    case 'buffering':
      return 'Buffering';
    case 'playing':
      return 'Live';
    case 'stalled':
      return 'Stalled';
    case 'paused':
      return 'Paused';
    case 'stale':
      return 'Quiet';
    case 'ended':
      return view.phase === 'showing' ? 'Last seconds' : 'Ended';
  }
}
