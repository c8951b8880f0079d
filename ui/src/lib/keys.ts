/**
 * Whether a key press ends an entry. While an input method composes (Japanese, Chinese, Korean), Enter chooses a
 * conversion and must not submit. WebKit sends the closing Enter after `compositionend` with key code 229
 * (https://bugs.webkit.org/show_bug.cgi?id=165004), so both signs are looked at.
 */
export function isPlainEnter(event: Pick<KeyboardEvent, 'key' | 'isComposing' | 'keyCode'>): boolean {
  return event.key === 'Enter' && !event.isComposing && event.keyCode !== 229;
}
