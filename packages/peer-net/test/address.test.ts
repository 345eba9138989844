import { describe, expect, it } from 'vitest';
import { addressBlock, endpointText, mayTell, parseHostPort, plainAddress, reachOf } from '../src/address.js';

describe('addresses', () => {
  it.each([
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['[::1]', '::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['192.0.2.1', '192.0.2.1'],
  ])('spells %s one way', (written, plain) => {
    expect(plainAddress(written)).toBe(plain);
  });

  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.9.9.9', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['10.1.2.3', 'private'],
    ['172.31.0.1', 'private'],
    ['169.254.1.1', 'private'],
    ['fd00::1', 'private'],
    ['172.32.0.1', 'public'],
    ['2001:db8::1', 'public'],
    ['0.0.0.0', 'unroutable'],
    ['255.255.255.255', 'unroutable'],
    ['ff02::1', 'unroutable'],
    ['::', 'unroutable'],
    ['nonsense', 'unroutable'],
    ['', 'unroutable'],
  ])('knows how far %s reaches', (address, reach) => {
    expect(reachOf(address)).toBe(reach);
  });

  it('believes nobody far away about addresses near by', () => {
    expect(mayTell('192.0.2.1', '198.51.100.1')).toBe(true);
    expect(mayTell('192.0.2.1', '10.0.0.1')).toBe(false);
    expect(mayTell('192.0.2.1', '127.0.0.1')).toBe(false);
    expect(mayTell('10.0.0.2', '10.0.0.1')).toBe(true);
    expect(mayTell('10.0.0.2', '127.0.0.1')).toBe(false);
    expect(mayTell('127.0.0.1', '127.0.0.1')).toBe(true);
    expect(mayTell('127.0.0.1', '0.0.0.0')).toBe(false);
  });

  it('puts a /24 and a /48 into one block', () => {
    expect(addressBlock('192.0.2.1')).toBe(addressBlock('::ffff:192.0.2.254'));
    expect(addressBlock('192.0.2.1')).not.toBe(addressBlock('192.0.3.1'));
    expect(addressBlock('2001:db8:1::1')).toBe(addressBlock('2001:db8:1:ffff::2'));
    expect(addressBlock('2001:db8:1::1')).not.toBe(addressBlock('2001:db8:2::1'));
  });

  it.each([
    ['example.org:8764', { host: 'example.org', port: 8764 }],
    ['127.0.0.1:1', { host: '127.0.0.1', port: 1 }],
    ['[2001:DB8::1]:65535', { host: '2001:db8::1', port: 65_535 }],
  ])('reads %s', (text, expected) => {
    expect(parseHostPort(text)).toEqual(expected);
    expect(parseHostPort(endpointText({ address: expected.host, port: expected.port }))).toEqual(expected);
  });

  it.each([
    '',
    'host',
    'host:',
    ':1',
    'host:0',
    'host:65536',
    '::1:80',
    '[::1]',
    '[x]:1',
    'a b:1',
    'http://a:1',
    'a@b:1',
  ])('refuses %j as host and port', (text) => {
    expect(parseHostPort(text)).toBeUndefined();
  });
});
