import { expect, it } from 'vitest';
import * as index from '../src/index.js';
import * as node from '../src/node.js';

it('exports these names and no others', () => {
  expect(Object.keys(index)).toMatchInlineSnapshot(`
    [
      "blockDigests",
      "verifyBlock",
      "CERTIFICATE_BYTES",
      "decodeCertificate",
      "encodeCertificate",
      "verifyCertificate",
      "decodeHeader",
      "encodeHeader",
      "verifyHeader",
      "BLOCK_BYTES",
      "HEADER_BYTES_MAX",
      "PIECE_BYTES_MAX",
      "decodeKeyFile",
      "encodeKeyFile",
      "nobleSuite",
      "signSourceProof",
      "verifySourceProof",
    ]
  `);
  expect(Object.keys(node)).toMatchInlineSnapshot(`
    [
      "nodeSuite",
    ]
  `);
});
