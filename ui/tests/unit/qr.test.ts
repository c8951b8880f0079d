import jsQR from 'jsqr';
import { describe, expect, it } from 'vitest';
import { qrCode } from '../../src/lib/qr';

/** Reads a code with a reader that we did not write. */
function read(code: boolean[][]): string | undefined {
  const scale = 4;
  const quiet = 4;
  const side = (code.length + 2 * quiet) * scale;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  code.forEach((row, y) => {
    row.forEach((dark, x) => {
      if (!dark) return;
      for (let dy = 0; dy < scale; dy += 1) {
        for (let dx = 0; dx < scale; dx += 1) {
          const at = (((y + quiet) * scale + dy) * side + (x + quiet) * scale + dx) * 4;
          pixels.fill(0, at, at + 3);
        }
      }
    });
  });
  return jsQR(pixels, side, side)?.data;
}

describe('QR code', () => {
  it('of an approval link is read by an independent reader', () => {
    const link = 'https://login.microsoftonline.com/8d1c2f60-3b1e-4a57-9a21-0c6f4be1d7aa/adminconsent?client_id=450987b3-a09a-4f14-9b2c-4f301d1e15f5';
    expect(read(qrCode(link) ?? [])).toBe(link);
  });

  it.each([1, 14, 15, 60, 100, 150, 151, 179, 180, 181, 212, 213, 214, 250, 290, 333, 365, 411, 412])('of %i bytes is read back', (length) => {
    const text = Array.from({ length }, (_, at) => String.fromCharCode(33 + ((at * 7) % 90))).join('');
    expect(read(qrCode(text) ?? [])).toBe(text);
  });

  it('of a text that is too long is refused', () => {
    expect(qrCode('x'.repeat(413))).toBeNull();
  });
});
