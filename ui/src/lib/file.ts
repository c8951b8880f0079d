/** Takes the reading out of a dropped or chosen file. */
export const MAX_FILE_BYTES = 2_000_000;

export type FileReading = { kind: 'text'; name: string; text: string } | { kind: 'too-large' } | { kind: 'not-text' };

/** Whether a file is a report by its name alone; a `.json` may as well hold an error message. */
export function isReportName(name: string): boolean {
  return name.toLowerCase().endsWith('.inboxdoctor');
}

/** Reads a file as text: UTF-8, UTF-16 with its mark, else Shift_JIS as Japanese mail programs save it. */
export async function readTextFile(file: File): Promise<FileReading> {
  if (file.size > MAX_FILE_BYTES) return { kind: 'too-large' };
  const text = decodeText(new Uint8Array(await file.arrayBuffer()));
  return text === null ? { kind: 'not-text' } : { kind: 'text', name: file.name, text };
}

export function decodeText(bytes: Uint8Array): string | null {
  const marked = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
  for (const encoding of marked === null ? ['utf-8', 'shift_jis'] : [marked]) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      return text.includes('\0') ? null : text;
    } catch {
      // Not this encoding.
    }
  }
  return null;
}
