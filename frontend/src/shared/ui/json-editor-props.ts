import type { Ref } from 'react';
import type { ControlProps } from './field';

export interface JsonEditorProps {
  ref?: Ref<{ focus: () => void }>;
  value: string;
  onChange?: (text: string) => void;
  readOnly?: boolean;
  /** Bounds the height. */
  className?: string;
  /** Names the editor: a label's `for` does not reach it. */
  label: string;
  control?: ControlProps;
}
