import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';
import { Dialog, Drawer } from './dialog';

function Page({ frame: Frame }: { frame: typeof Dialog }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        open it
      </button>
      <input aria-label="search" />
      <Frame open={open} onOpenChange={setOpen} title="Things">
        <button type="button">act</button>
      </Frame>
    </>
  );
}

describe.each([
  ['Dialog', Dialog],
  ['Drawer', Drawer],
])('%s', (_name, frame) => {
  it('gives the focus back to what had it before', async () => {
    render(<Page frame={frame} />);
    await userEvent.click(screen.getByRole('button', { name: 'open it' }));
    const dialog = await screen.findByRole('dialog', { name: 'Things' });
    await waitFor(() => expect(dialog).toContainElement(document.activeElement as HTMLElement));
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.getByRole('button', { name: 'open it' })).toHaveFocus());
  });

  it('leaves the focus with who went elsewhere while it closed', async () => {
    render(<Page frame={frame} />);
    await userEvent.click(screen.getByRole('button', { name: 'open it' }));
    const dialog = await screen.findByRole('dialog', { name: 'Things' });
    await waitFor(() => expect(dialog).toContainElement(document.activeElement as HTMLElement));
    fireEvent.keyDown(document.body, { key: 'Escape' });
    screen.getByLabelText('search').focus();
    await new Promise((done) => setTimeout(done, 50));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(screen.getByLabelText('search')).toHaveFocus();
  });
});
