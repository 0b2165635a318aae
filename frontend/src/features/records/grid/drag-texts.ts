import type { Active, Announcements, Over, ScreenReaderInstructions } from '@dnd-kit/core';
import { t } from '@/shared/i18n';
import type { GridColumn } from './grid-columns';

/** What assistive technology says while a column is moved. */
export function dragTexts(columns: GridColumn[]) {
  const label = (item: Active | Over | null) => columns.find(({ id }) => id === item?.id)?.label ?? '';
  const announcements: Announcements = {
    onDragStart: ({ active }) => t('grid.dragStart', { name: label(active) }),
    onDragOver: ({ active, over }) =>
      over ? t('grid.dragOver', { name: label(active), target: label(over) }) : undefined,
    onDragEnd: ({ active }) => t('grid.dragEnd', { name: label(active) }),
    onDragCancel: ({ active }) => t('grid.dragCancel', { name: label(active) }),
  };
  const screenReaderInstructions: ScreenReaderInstructions = { draggable: t('grid.dragInstructions') };
  return { announcements, screenReaderInstructions, container: document.body };
}
