import mpegts from 'mpegts.js';
import { correct, edgeTime, reconnectDelayMs } from './playback-watch.js';
import type { Phase } from './stage-message.js';

type MpegtsPlayer = ReturnType<typeof mpegts.createPlayer>;

/** What the local peer says about the stream, as far as the player acts on it. */
export interface PeerPlayback {
  /** There is, or soon will be, something to fetch. */
  readonly delivers: boolean;
  readonly plays: boolean;
  readonly run: number;
}

interface PlayerEvents {
  readonly phaseChanged: () => void;
  /** The browser refused to start with sound, and it was started without. */
  readonly soundRefused: () => void;
}

const CONFIG = {
  isLive: true,
  enableStashBuffer: false,
  lazyLoad: false,
  autoCleanupSourceBuffer: true,
  autoCleanupMaxBackwardDuration: 30,
  autoCleanupMinBackwardDuration: 15,
  // After a jump of the clock it would make silent frames for the whole of it: hours, in one go.
  fixAudioTimestampGap: false,
  // Gentle enough not to be heard.
  liveSync: true,
  liveSyncMaxLatency: 2.5,
  liveSyncTargetLatency: 1.2,
  liveSyncPlaybackRate: 1.06,
};

const WATCH_MS = 250;
const PLAYED_OUT_MS = 300;
const STEADY_MS = 5000;
/** A paused player goes on receiving; after this long it lets go, before the browser's buffer is full. */
const PAUSED_MS_MAX = 60_000;

/**
 * Plays the local peer's endless stream in a video element, and keeps playing it: steps over holes, follows the edge,
 * connects again when the stream ends though the broadcast doesn't.
 */
export class StreamPlayer {
  readonly #video: HTMLVideoElement;
  readonly #url: string;
  readonly #events: PlayerEvents;
  #player: MpegtsPlayer | undefined;
  #phase: Phase = mpegts.isSupported() ? 'idle' : 'unsupported';
  #peer: PeerPlayback = { delivers: false, plays: false, run: 0 };
  #connectedRun = 0;
  #connectedAtMs = 0;
  #connectionEnded = false;
  #failures = 0;
  #retry: number | undefined;
  #personPaused = false;
  #movedAtMs = 0;
  #movedToS = 0;
  #pausedAtMs: number | undefined;

  constructor(video: HTMLVideoElement, url: string, events: PlayerEvents) {
    this.#video = video;
    this.#url = url;
    this.#events = events;
    mpegts.LoggingControl.applyConfig({
      enableVerbose: false,
      enableDebug: false,
      enableInfo: false,
      enableWarn: false,
    });
    setInterval(() => this.#watch(performance.now()), WATCH_MS);
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Something can be seen or heard, if only the last picture. */
  get hasPicture(): boolean {
    return this.#player !== undefined && this.#video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
  }

  get paused(): boolean {
    return this.#personPaused || this.#video.paused;
  }

  /** What this browser holds and has not shown yet, milliseconds: delay on top of the peer's own. */
  get behindMs(): number {
    const last = ranges(this.#video).at(-1);
    return last === undefined ? 0 : Math.max(0, (last[1] - this.#video.currentTime) * 1000);
  }

  /** Told once a second how the local peer is doing. */
  follow(peer: PeerPlayback): void {
    this.#peer = peer;
    if (!peer.delivers || this.#player !== undefined || this.#retry !== undefined) return;
    if (this.#phase !== 'unsupported' && !this.#personPaused) this.#connect();
  }

  toggle(): void {
    if (this.paused) {
      this.play();
    } else {
      this.#personPaused = true;
      this.#video.pause();
    }
  }

  play(): void {
    this.#personPaused = false;
    if (this.#player === undefined) {
      this.follow(this.#peer);
    } else {
      this.toEdge();
      void this.#start();
    }
  }

  /** Jumps to the newest picture that this browser has. */
  toEdge(): void {
    const last = ranges(this.#video).at(-1);
    if (last !== undefined) this.#video.currentTime = Math.max(this.#video.currentTime, edgeTime(last));
  }

  #connect(): void {
    this.#close();
    this.#connectedAtMs = performance.now();
    this.#movedAtMs = this.#connectedAtMs;
    this.#movedToS = 0;
    this.#connectedRun = this.#peer.run;
    this.#connectionEnded = false;
    const player = mpegts.createPlayer({ type: 'mpegts', isLive: true, url: this.#url }, CONFIG);
    this.#player = player;
    player.on(mpegts.Events.ERROR, (_type: unknown, detail: unknown) => this.#failed(detail));
    player.on(mpegts.Events.LOADING_COMPLETE, () => {
      this.#connectionEnded = true;
    });
    player.attachMediaElement(this.#video);
    player.load();
    if (this.#phase !== 'unplayable') this.#enter(this.#failures > 0 ? 'reconnecting' : 'connecting');
    if (!this.#personPaused) void this.#start();
  }

  #close(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    const player = this.#player;
    this.#player = undefined;
    player?.destroy();
  }

  async #start(): Promise<void> {
    try {
      await this.#video.play();
    } catch (refusal) {
      const refused = refusal instanceof DOMException && refusal.name === 'NotAllowedError';
      if (!refused || this.#video.muted) return;
      this.#video.muted = true;
      this.#events.soundRefused();
      await this.#start();
    }
  }

  #failed(detail: unknown): void {
    this.#connectionEnded = true;
    const { MEDIA_CODEC_UNSUPPORTED, MEDIA_FORMAT_UNSUPPORTED } = mpegts.ErrorDetails;
    if (detail === MEDIA_CODEC_UNSUPPORTED || detail === MEDIA_FORMAT_UNSUPPORTED) this.#enter('unplayable');
  }

  #watch(nowMs: number): void {
    if (this.#player === undefined || this.#retry !== undefined) return;
    const stuckMs = this.#stuckMs(nowMs);
    if (this.#letGoOfLongPause(nowMs)) return;
    if (!this.#peer.delivers && stuckMs > STEADY_MS / 2) return this.#rest();
    if (this.#connectionEnded && (this.#video.ended || stuckMs >= PLAYED_OUT_MS)) return this.#reconnect();
    const correction = correct({
      currentTimeS: this.#video.currentTime,
      paused: this.#video.paused,
      ranges: ranges(this.#video),
      stuckMs,
      runChanged: this.#peer.run !== this.#connectedRun,
      peerPlays: this.#peer.plays,
    });
    if (correction.type === 'seek') this.#video.currentTime = correction.toS;
    if (correction.type === 'restart') this.#reconnect();
  }

  #stuckMs(nowMs: number): number {
    if (this.#video.currentTime !== this.#movedToS && this.hasPicture) {
      this.#movedToS = this.#video.currentTime;
      this.#movedAtMs = nowMs;
      if (!this.#video.paused) this.#enter('showing');
      if (nowMs - this.#connectedAtMs > STEADY_MS) this.#failures = 0;
    }
    if (this.#video.paused && !this.#video.ended) this.#movedAtMs = nowMs;
    return nowMs - this.#movedAtMs;
  }

  #letGoOfLongPause(nowMs: number): boolean {
    if (!this.#video.paused || this.#video.ended) {
      this.#pausedAtMs = undefined;
      return false;
    }
    this.#pausedAtMs ??= nowMs;
    if (nowMs - this.#pausedAtMs < PAUSED_MS_MAX) return false;
    this.#personPaused = true;
    this.#rest();
    this.#enter('resting');
    return true;
  }

  #rest(): void {
    this.#close();
    this.#failures = 0;
    this.#enter('idle');
  }

  // The old picture stays until the new connection begins.
  #reconnect(): void {
    if (!this.#peer.delivers) return this.#rest();
    const newRun = this.#peer.run !== this.#connectedRun;
    this.#failures = newRun ? 1 : this.#failures + 1;
    if (this.#phase !== 'unplayable') this.#enter('reconnecting');
    this.#retry = window.setTimeout(() => this.#connect(), newRun ? 0 : reconnectDelayMs(this.#failures));
  }

  #enter(phase: Phase): void {
    if (this.#phase === phase) return;
    this.#phase = phase;
    this.#events.phaseChanged();
  }
}

function ranges(video: HTMLVideoElement): (readonly [startS: number, endS: number])[] {
  const { buffered } = video;
  return Array.from({ length: buffered.length }, (_, i) => [buffered.start(i), buffered.end(i)] as const);
}
