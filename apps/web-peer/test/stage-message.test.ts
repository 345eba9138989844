import { describe, expect, test } from 'vitest';
import { type StageView, stageMessage, stateWord } from '../src/viewer/stage-message.js';
import { type PeerState, readViewerStats } from '../src/viewer/viewer-stats.js';

function view(state: PeerState | undefined, some: Partial<StageView> = {}, figures: object = {}): StageView {
  return {
    stats: state === undefined ? undefined : readViewerStats({ ...figures, state }),
    peerAnswers: true,
    phase: 'showing',
    hasPicture: true,
    streamUrl: 'http://127.0.0.1:4711/stream',
    ...some,
  };
}

describe('the stage', () => {
  test('says nothing over a picture that moves', () => {
    expect(stageMessage(view('playing'))).toBeUndefined();
    expect(stageMessage(view('paused'))).toBeUndefined();
  });

  test('says that the page starts by itself before the broadcast', () => {
    expect(stageMessage(view('waiting', { phase: 'idle', hasPicture: false }))).toEqual({
      weight: 'cover',
      busy: true,
      title: 'The broadcast has not begun',
      text: 'Nothing to do: this page starts by itself.',
    });
  });

  test.each(['stalled', 'stale', 'buffering'] as const)('leaves the last picture in sight while %s', (state) => {
    expect(stageMessage(view(state))?.weight).toBe('note');
    expect(stageMessage(view(state, { hasPicture: false }))?.weight).toBe('cover');
  });

  test('says for how long the broadcaster has been quiet', () => {
    const text = stageMessage(view('stale', {}, { edgeAgeMs: 14_200 }))?.text.replaceAll('\u00a0', ' ');
    expect(text).toBe('Nothing heard for 14 s. This page goes on by itself when there is more.');
  });

  test('lets the last seconds play out before it says that it is over, with thanks', () => {
    const figures = { upBytes: 1_240_000_000 };
    expect(stageMessage(view('ended', {}, figures))).toBeUndefined();
    const over = stageMessage(view('ended', { phase: 'idle' }, figures));
    expect(over?.title).toBe('The broadcast is over');
    expect(over?.text.replaceAll('\u00a0', ' ')).toContain('You passed 1.2 GB on to others.');
  });

  test('says first of all when the local peer does not answer', () => {
    const states = ['waiting', 'playing', 'ended', undefined] as const;
    for (const state of states) {
      expect(stageMessage(view(state, { peerAnswers: false }))?.title).toBe(
        'The viewer on this computer does not answer',
      );
    }
  });

  test.each(['unsupported', 'unplayable'] as const)('gives the address for other players: %s', (phase) => {
    const message = stageMessage(view('playing', { phase, hasPicture: false }));
    expect(message).toMatchObject({ weight: 'cover', busy: false });
    expect(message?.text).toContain('http://127.0.0.1:4711/stream');
  });

  test('tells a person’s long pause from a lack of pictures', () => {
    expect(stageMessage(view('playing', { phase: 'resting', hasPicture: false }))?.title).toBe('Paused');
    expect(stageMessage(view('playing', { phase: 'connecting', hasPicture: false }))?.title).toBe('Almost there');
  });

  test('says that it is connecting again over the last picture', () => {
    expect(stageMessage(view('playing', { phase: 'reconnecting' }))).toMatchObject({ weight: 'note', busy: true });
  });
});

test('the word in the corner follows the state', () => {
  const states = ['waiting', 'buffering', 'playing', 'stalled', 'paused', 'stale', 'ended', undefined] as const;
  const words = states.map((state) => stateWord(view(state, { phase: 'idle' })));
  expect(words).toEqual(['Not begun', 'Buffering', 'Live', 'Stalled', 'Paused', 'Quiet', 'Ended', 'Connecting']);
  expect(stateWord(view('ended'))).toBe('Last seconds');
  expect(stateWord(view('playing', { peerAnswers: false }))).toBe('No answer');
});
