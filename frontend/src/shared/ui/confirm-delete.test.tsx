import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { ApiError } from '@/shared/api/errors';
import { ConfirmDelete } from './confirm-delete';

function show(onConfirm: () => Promise<unknown>) {
  const onOpenChange = vi.fn();
  render(
    <ConfirmDelete
      open
      onOpenChange={onOpenChange}
      title="Delete “posts”?"
      consequence="All is lost."
      action="Delete collection"
      typeToConfirm="posts"
      onConfirm={onConfirm}
    />,
  );
  return onOpenChange;
}

describe('ConfirmDelete', () => {
  it('waits for the name', async () => {
    const onConfirm = vi.fn(async () => undefined);
    const onOpenChange = show(onConfirm);
    const action = screen.getByRole('button', { name: 'Delete collection' });
    expect(action).toBeDisabled();
    await userEvent.type(screen.getByLabelText('Type “posts” to confirm'), 'posts');
    await userEvent.click(action);
    expect(onConfirm).toHaveBeenCalledOnce();
    expect(onOpenChange).toHaveBeenCalledWith(false);
  });

  it('stays open and shows why it was refused', async () => {
    const onOpenChange = show(() => Promise.reject(new ApiError(409, 'It is referenced by: b.field')));
    await userEvent.type(screen.getByLabelText(/to confirm/), 'posts{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent('It is referenced by: b.field');
    expect(onOpenChange).not.toHaveBeenCalled();
  });
});
