import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp, EyeOff, MoveHorizontal, X } from 'lucide-react';
import { t } from '@/shared/i18n';
import { MenuContent, MenuItem, MenuSeparator } from '@/shared/ui/menu';
import { nudged, visible, withoutWidth, withShown } from './column-layout';
import type { GridColumn } from './grid-columns';
import type { HeaderProps } from './grid-header';
import { sortedBy } from './sort-order';

/** What can be done with a column, for those who neither drag nor press keys. */
export function ColumnMenuContent({
  column,
  all,
  layout,
  onLayout,
  order,
  onOrder,
}: HeaderProps & { column: GridColumn }) {
  const { sortKey } = column;
  const others = order.some((key) => key.column !== sortKey);
  const shown = visible(all, layout);
  const place = shown.indexOf(column);
  const sort = (descending: boolean, adding: boolean) =>
    sortKey && onOrder(sortedBy(order, { column: sortKey, descending }, adding));
  return (
    <MenuContent align="start">
      {sortKey && (
        <>
          <MenuItem onSelect={() => sort(false, false)}>
            <ArrowUp aria-hidden />
            {t('grid.sortAscending')}
          </MenuItem>
          <MenuItem onSelect={() => sort(true, false)}>
            <ArrowDown aria-hidden />
            {t('grid.sortDescending')}
          </MenuItem>
          {others && (
            <>
              <MenuItem onSelect={() => sort(false, true)}>
                <ArrowUp aria-hidden />
                {t('grid.alsoAscending')}
              </MenuItem>
              <MenuItem onSelect={() => sort(true, true)}>
                <ArrowDown aria-hidden />
                {t('grid.alsoDescending')}
              </MenuItem>
            </>
          )}
          {order.some((key) => key.column === sortKey) && (
            <MenuItem onSelect={() => onOrder(order.filter((key) => key.column !== sortKey))}>
              <X aria-hidden />
              {t('grid.unsort')}
            </MenuItem>
          )}
          <MenuSeparator />
        </>
      )}
      <MenuItem disabled={place === 0} onSelect={() => onLayout(nudged(all, layout, column.id, -1))}>
        <ArrowLeft aria-hidden />
        {t('grid.moveLeft')}
      </MenuItem>
      <MenuItem disabled={place === shown.length - 1} onSelect={() => onLayout(nudged(all, layout, column.id, 1))}>
        <ArrowRight aria-hidden />
        {t('grid.moveRight')}
      </MenuItem>
      {layout.widths[column.id] !== undefined && (
        <MenuItem onSelect={() => onLayout(withoutWidth(layout, column.id))}>
          <MoveHorizontal aria-hidden />
          {t('grid.resetWidth')}
        </MenuItem>
      )}
      <MenuItem disabled={shown.length === 1} onSelect={() => onLayout(withShown(layout, column.id, false))}>
        <EyeOff aria-hidden />
        {t('grid.hide')}
      </MenuItem>
    </MenuContent>
  );
}
