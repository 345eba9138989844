import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, vi } from 'vitest';
import { boundedGet } from '../src/bounded-get.js';

// For this test 127.0.0.2 is far away.
vi.mock('../src/address.js', async (original) => ({
  ...(await original<typeof import('../src/address.js')>()),
  reachOf: (address: string) => (address === '127.0.0.2' ? 'public' : 'loopback'),
}));

it('a public server cannot make us ask our own network, by address or by name', async () => {
  let asked = 0;
  const near = createServer((_request, response) => {
    asked += 1;
    response.end('secret');
  });
  await new Promise<void>((resolve) => near.listen(0, '127.0.0.1', resolve));
  const { port } = near.address() as AddressInfo;
  const far = createServer((request, response) => {
    response.writeHead(302, { location: `http://${request.url?.slice(1)}:${port}/` }).end();
  });
  await new Promise<void>((resolve) => far.listen(0, '127.0.0.2', resolve));
  const from = (host: string) =>
    boundedGet(new URL(`http://127.0.0.2:${(far.address() as AddressInfo).port}/${host}`), {
      bytesMax: 99,
      timeoutMs: 5000,
    });
  for (const host of ['127.0.0.1', 'localhost', '2130706433']) {
    await expect(from(host)).rejects.toThrow(/a redirect from a public address to a private one is not followed$/);
  }
  expect(asked).toBe(0);
  near.close();
  far.close();
});
