import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createPortal } from 'react-dom';
import { describe, expect, it, vi } from 'vitest';
import { type DataColumn, DataTable } from './data-table';

interface Row {
  id: string;
  name: string;
}

const columns: DataColumn<Row>[] = [
  { id: 'name', header: () => 'Name', meta: { sortKey: 'name' }, cell: ({ row }) => row.original.name },
  { id: 'plain', header: () => 'Plain', cell: ({ row }) => <button type="button">act on {row.original.name}</button> },
];
const rows = [
  { id: '1', name: 'Tea' },
  { id: '2', name: 'Milk' },
];

describe('DataTable', () => {
  it('tells the order and asks for the next one', async () => {
    const onSortChange = vi.fn();
    render(
      <DataTable
        label="Things"
        columns={columns}
        rows={rows}
        rowId={(row) => row.id}
        sort="name"
        onSortChange={onSortChange}
      />,
    );
    expect(screen.getByRole('columnheader', { name: 'Name' })).toHaveAttribute('aria-sort', 'ascending');
    expect(screen.getByRole('columnheader', { name: 'Plain' })).not.toHaveAttribute('aria-sort');
    await userEvent.click(screen.getByRole('button', { name: 'Name' }));
    expect(onSortChange).toHaveBeenCalledWith('-name');
  });

  it('opens a row by a click, but not by one on a control in it', async () => {
    const onOpenRow = vi.fn();
    render(<DataTable label="Things" columns={columns} rows={rows} rowId={(row) => row.id} onOpenRow={onOpenRow} />);
    await userEvent.click(screen.getByRole('button', { name: 'act on Tea' }));
    expect(onOpenRow).not.toHaveBeenCalled();
    await userEvent.click(screen.getByText('Milk'));
    expect(onOpenRow).toHaveBeenCalledWith(rows[1]);
  });

  it('opens no row by a click in a dialog that one of its cells opened', async () => {
    const onOpenRow = vi.fn();
    const elsewhere: DataColumn<Row> = {
      id: 'elsewhere',
      header: () => 'Elsewhere',
      cell: ({ row }) => createPortal(<p>about {row.original.name}</p>, document.body),
    };
    render(
      <DataTable label="Things" columns={[elsewhere]} rows={rows} rowId={(row) => row.id} onOpenRow={onOpenRow} />,
    );
    await userEvent.click(screen.getByText('about Tea'));
    expect(onOpenRow).not.toHaveBeenCalled();
  });

  it('shows what stands for no rows', () => {
    render(<DataTable label="Things" columns={columns} rows={[]} rowId={(row) => row.id} empty="Nothing here" />);
    expect(screen.getByText('Nothing here')).toBeInTheDocument();
  });
});
