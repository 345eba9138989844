import { expect, test } from 'vitest';
import * as peerNet from '../src/index.js';

test('exports exactly this', () => {
  expect(Object.keys(peerNet).sort()).toEqual([
    'FileServer',
    'HashError',
    'MetainfoError',
    'PortError',
    'StorageError',
    'answerBody',
    'answerJson',
    'answerText',
    'createBoundedHttpServer',
    'createSwarmNode',
    'hashFiles',
    'isPlayable',
    'linger',
    'loadMetainfo',
    'pageRoute',
    'parseHostPort',
    'serveRoutes',
  ]);
});
