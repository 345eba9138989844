import { fc, test as law } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { formatAddress, parseAddress } from '../src/address.js';

describe('IP addresses', () => {
  law.prop([fc.constantFrom(4, 16).chain((length) => fc.uint8Array({ minLength: length, maxLength: length }))])(
    'parse(format(bytes)) ≡ bytes',
    (bytes) => {
      expect(parseAddress(formatAddress(bytes))).toEqual(bytes);
    },
  );

  law.prop([fc.array(fc.constantFrom(0, 0, 1, 0xff), { minLength: 16, maxLength: 16 })])(
    'the same with many zeros in it',
    (bytes) => {
      expect(parseAddress(formatAddress(Uint8Array.from(bytes)))).toEqual(Uint8Array.from(bytes));
    },
  );

  // RFC 5952 §4
  test.each([
    ['2001:0db8:0000:0000:0001:0000:0000:0001', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:DB8::A', '2001:db8::a'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['fe80::1:2:3:4:5:6', 'fe80:0:1:2:3:4:5:6'],
    ['1.2.3.4', '1.2.3.4'],
    ['255.255.255.255', '255.255.255.255'],
  ])('%s is written %s', (text, canonical) => {
    expect(formatAddress(parseAddress(text) as Uint8Array)).toBe(canonical);
  });

  test.each(
    [
      '1.2.3 1.2.3.4.5 256.1.1.1 1.2.3.-4 0x1.2.3.4 localhost : ::: 1:2:3:4:5:6:7 1:2:3:4:5:6:7:8:9 1::2::3 12345::',
      'g:: 1:2:3:4:5:6:7:8:: [::1] fe80::1%eth0 ::1.2.3.4 1:2:3:4::5:6:7:8  ',
    ].flatMap((line) => line.split(' ')),
  )('%j is no address', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });
});
