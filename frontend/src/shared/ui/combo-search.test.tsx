import { fireEvent, render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { ComboSearch } from './combo-search';

function show(stale: boolean) {
  const onPick = vi.fn();
  render(
    <ComboSearch
      label="Find a user"
      text="mia"
      onTextChange={() => undefined}
      options={['ann']}
      optionId={(name) => name}
      render={(name) => name}
      onPick={onPick}
      stale={stale}
      empty="Nobody"
    />,
  );
  const input = screen.getByRole('combobox');
  fireEvent.focus(input);
  fireEvent.keyDown(input, { key: 'Enter' });
  return onPick;
}

test('Enter picks what the text found', () => {
  expect(show(false)).toHaveBeenCalledWith('ann');
});

test('Enter picks nothing that an earlier text found', () => {
  expect(show(true)).not.toHaveBeenCalled();
});
