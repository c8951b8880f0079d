import { describe, expect, it } from 'vitest';
import { Deletion } from '../../src/state/deletion.svelte';

/** A host that notes what it is asked, and a clock that is turned by hand. */
function bench() {
  const asked: string[] = [];
  const host = {
    deleteRecent: async (ids: string[] | null) => void asked.push(`delete ${ids?.join(',') ?? 'all'}`),
    restoreRecent: async () => void asked.push('restore'),
    purgeRecent: async () => void asked.push('purge'),
  };
  let due: (() => void) | null = null;
  const deletion = new Deletion(host, (work) => {
    due = work;
    return () => {
      if (due === work) due = null;
    };
  });
  return { asked, host, deletion, ring: () => due?.(), waits: () => due !== null };
}

describe('deleting from the history', () => {
  it('is for good only when the time for the way back is over', async () => {
    const { asked, deletion, ring } = bench();
    await deletion.begin(['a'], 1);
    expect(asked).toEqual(['delete a']);
    ring();
    expect(asked).toEqual(['delete a', 'purge']);
    expect(deletion.count).toBe(0);
  });

  it('is undone, and nothing is purged later', async () => {
    const { asked, deletion, ring, waits } = bench();
    await deletion.begin(null, 7);
    await deletion.undo();
    expect(waits()).toBe(false);
    ring();
    await deletion.finish();
    expect(asked).toEqual(['delete all', 'restore']);
  });

  it('waits as long as the person is at the button', async () => {
    const { deletion, waits } = bench();
    await deletion.begin(['a'], 1);
    deletion.hold();
    expect(waits()).toBe(false);
    deletion.resume();
    expect(waits()).toBe(true);
  });

  it('brings back everything that was deleted in a row', async () => {
    const { asked, deletion } = bench();
    await deletion.begin(['a'], 1);
    await deletion.begin(['b'], 1);
    expect(deletion.count).toBe(2);
    await deletion.undo();
    expect(asked).toEqual(['delete a', 'delete b', 'restore']);
  });

  it('offers no way back for what could not be deleted', async () => {
    const { host, deletion, waits } = bench();
    host.deleteRecent = () => Promise.reject({ code: 'not-saved', detail: '' });
    await expect(deletion.begin(['a'], 1)).rejects.toMatchObject({ code: 'not-saved' });
    expect(deletion.count).toBe(0);
    expect(waits()).toBe(false);
  });

  it('keeps the way back open when coming back fails', async () => {
    const { host, deletion } = bench();
    await deletion.begin(['a'], 1);
    host.restoreRecent = () => Promise.reject({ code: 'not-saved', detail: '' });
    await expect(deletion.undo()).rejects.toMatchObject({ code: 'not-saved' });
    expect(deletion.count).toBe(1);
  });
});
