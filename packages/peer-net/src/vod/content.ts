/** All of a torrent that is on the disk, or on its way there: files, pieces, and what is remembered of them. */
import type { VodMetainfo } from '@tstream/tstream-format';
import { StorageError } from '../disk-slots.js';
import { ContentFiles } from './content-files.js';
import { ContentLayout } from './content-layout.js';
import { ContentWatch } from './content-watch.js';
import { findExisting } from './existing-content.js';
import type { HashPool } from './hash-pool.js';
import { PieceStore } from './piece-store.js';
import { ResumeFile } from './resume-file.js';
import { codeOf, reasonOf } from './storage-reason.js';
import type { TorrentOptions } from './torrent-options.js';

export interface ContentHooks {
  /** The piece was there, and can't be read any more. */
  readonly onLost: (index: number) => void;
  /** A file is another one than it was: nothing of it is read or written any more; one line. */
  readonly onFileLost: (file: number, reason: string) => void;
  /** The disk takes nothing more; one line. undefined: it does again. */
  readonly onTrouble: (reason: string | undefined) => void;
  /** Whether to stop reading sockets, as more waits for the disk than may. */
  readonly onPressure: (isHigh: boolean) => void;
  /** Pieces can't be checked; one line. */
  readonly onUnchecked: (reason: string) => void;
  readonly neighbours: () => number;
}

type Parts = Pick<TorrentOptions, 'metainfo' | 'folder' | 'existing' | 'held' | 'keepResume' | 'onEvent'>;

export class Content {
  readonly layout: ContentLayout;
  /** 1 for each piece that is on the disk. Read it, don't write. */
  readonly written: Uint8Array;
  readonly store: PieceStore;
  readonly #files: ContentFiles;
  readonly #watch: ContentWatch;
  #hooks: ContentHooks | undefined;
  readonly #resume: ResumeFile | undefined;
  readonly #lostFiles = new Set<number>();
  #isDirty = false;
  #savedMs = 0;
  #saving: Promise<void> | undefined;

  /** @throws {StorageError} One line: what is in the way, and what to do. */
  static async open(options: Parts, pool: HashPool, signal: AbortSignal): Promise<Content> {
    const { metainfo, folder, existing, held, keepResume, onEvent } = options;
    const hashes = metainfo.pieceHashes;
    if (!hashes) throw new StorageError(`${metainfo.name} is a torrent for BEP 52 alone, which is not supported here`);
    const layout = new ContentLayout(metainfo);
    const mustBeWhole = existing === 'must-be-whole';
    const files = await ContentFiles.at(folder, metainfo, layout, mustBeWhole ? 'read' : 'write');
    const resume = new ResumeFile(files.root, metainfo.name, metainfo.infohash);
    const written = await findExisting({
      files,
      layout,
      hashes,
      pool,
      resume: await resume.load(layout.pieces, layout.files.length),
      trust: existing !== 'verify',
      held,
      mustBeWhole,
      signal,
      onProgress: (checkedPieces, pieces) => onEvent({ type: 'checking', checkedPieces, pieces }),
    });
    const content = new Content(layout, files, written, hashes, pool, keepResume ? resume : undefined);
    await content.#prepare(metainfo, mustBeWhole);
    return content;
  }

  private constructor(
    layout: ContentLayout,
    files: ContentFiles,
    written: Uint8Array,
    hashes: Uint8Array,
    pool: HashPool,
    resume: ResumeFile | undefined,
  ) {
    this.layout = layout;
    this.#files = files;
    this.written = written;
    this.#resume = resume;
    this.#watch = new ContentWatch(files, layout, written);
    this.store = new PieceStore(layout, files, hashes, pool, {
      onWritten: (index) => this.#onWritten(index),
      onLost: (index, reason) => this.#onUnreadable(index, reason),
      onTrouble: (reason) =>
        this.#hooks?.onTrouble(
          reason && `${files.root} takes nothing more (${reason}): downloading waits, and goes on when it does`,
        ),
      onUnchecked: (reason) =>
        this.#hooks?.onUnchecked(`pieces that came can't be checked (${reason}): it is tried again`),
      onPressure: (isHigh) => this.#hooks?.onPressure(isHigh),
      neighbours: () => this.#hooks?.neighbours() ?? 0,
    });
  }

  /** Tells from now on. */
  attach(hooks: ContentHooks): void {
    this.#hooks = hooks;
  }

  /** To be called four times a second. */
  tick(nowMs: number): void {
    if (this.#isDirty && !this.#saving && nowMs - this.#savedMs >= SAVE_MS) {
      this.#savedMs = nowMs;
      void this.#save();
    }
    void this.#watch.look(nowMs).then((changed) => {
      if (changed) this.#loseFile(changed.file, changed.reason);
    });
  }

  /** Everything verified is written, and written down. */
  async flush(): Promise<void> {
    await this.store.flushed();
    while (this.#saving) await this.#saving;
    if (this.#isDirty) await this.#save();
  }

  async close(): Promise<void> {
    await this.flush();
    await this.store.close();
  }

  /** Files without bytes come with no piece. What is remembered has to be there before the first piece is. */
  async #prepare(metainfo: VodMetainfo, mustBeWhole: boolean): Promise<void> {
    try {
      for (const [file, { lengthBytes, isPadding }] of this.layout.files.entries()) {
        if (lengthBytes === 0 && !isPadding && !mustBeWhole) await this.#files.create(file);
      }
      await this.#resume?.save({ held: this.written, files: await this.#states() });
    } catch (cause) {
      // A seeder's folder may well be one that only others write to; and who has all of it writes nothing more.
      if (mustBeWhole || this.written.every((one) => one === 1)) return;
      throw new StorageError(
        `cannot write ${metainfo.name} to ${this.#files.root} (${reasonOf(cause)}): choose another folder`,
        { cause },
      );
    }
  }

  #onWritten(index: number): void {
    this.written[index] = 1;
    this.#isDirty = true;
    this.#watch.changed(index, -1);
  }

  /** What is remembered is taken before the files are looked at: it is never ahead of them. */
  #save(): Promise<void> {
    this.#isDirty = false;
    const held = this.written.slice();
    const saving = (async () => {
      try {
        await this.#resume?.save({ held, files: await this.#states() });
      } catch (error) {
        // Hashing the files at the next start finds the same; a full disk says so elsewhere.
        if (codeOf(error) !== 'ENOSPC') this.#isDirty = false;
      }
      this.#saving = undefined;
    })();
    this.#saving = saving;
    return saving;
  }

  async #states(): Promise<Awaited<ReturnType<ContentFiles['stateOf']>>[]> {
    const states = [];
    for (const [file, { isPadding }] of this.layout.files.entries()) {
      const skip = isPadding || this.#lostFiles.has(file);
      states.push(skip ? undefined : await this.#files.stateOf(file).catch(() => undefined));
    }
    return states;
  }

  #onUnreadable(index: number, reason: string): void {
    const [span] = this.layout.spans(index * this.layout.pieceLength, 1);
    if (span) this.#loseFile(span.file, reason);
    // A piece of several files may fail by another one than its first.
    this.#losePiece(index);
  }

  #loseFile(file: number, reason: string): void {
    if (this.#lostFiles.has(file)) return;
    this.#lostFiles.add(file);
    const { from, to } = this.layout.piecesOf(file);
    for (let index = from; index < to; index += 1) this.#losePiece(index);
    this.#hooks?.onFileLost(file, `${this.#files.pathOf(file)} was changed by another program (${reason})`);
  }

  #losePiece(index: number): void {
    this.store.forget(index);
    if (!this.written[index]) return;
    this.written[index] = 0;
    this.#isDirty = true;
    this.#watch.changed(index, 1);
    this.#hooks?.onLost(index);
  }
}

/** Often enough for little to be hashed again, seldom enough to cost nothing. */
const SAVE_MS = 3000;
