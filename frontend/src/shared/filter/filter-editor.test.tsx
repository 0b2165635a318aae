import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { FilterEditor } from './filter-editor';

const client = new QueryClient();

function setUp() {
  const onApply = vi.fn<(filter: string) => void>();
  const editor = (applied: string) => (
    <QueryClientProvider client={client}>
      <FilterEditor ref={null} schema={[]} applied={applied} onApply={onApply} error={null} />
    </QueryClientProvider>
  );
  const { rerender } = render(editor(''));
  return { onApply, arrive: (applied: string) => rerender(editor(applied)), input: screen.getByRole('combobox') };
}

describe('FilterEditor', () => {
  it('keeps what is typed while the filter before it is being applied', async () => {
    const { onApply, arrive, input } = setUp();
    await userEvent.type(input, 'price > 3{Enter}');
    expect(onApply).toHaveBeenCalledWith('price > 3');
    await userEvent.type(input, ' && price < 9');
    arrive('price > 3');
    expect(input).toHaveValue('price > 3 && price < 9');
  });

  it('shows a filter that comes from elsewhere', async () => {
    const { arrive, input } = setUp();
    await userEvent.type(input, 'price > 3{Enter}');
    arrive('price > 3');
    arrive('');
    expect(input).toHaveValue('');
    arrive('price > 3');
    expect(input).toHaveValue('price > 3');
  });
});
