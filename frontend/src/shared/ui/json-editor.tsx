import { autocompletion, closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { linter } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useEffectEvent, useImperativeHandle, useRef } from 'react';
import { cn } from '@/shared/lib/cn';
import { jsonFault } from '@/shared/lib/json-fault';
import { faultText } from './json-fault-text';
import type { JsonEditorProps } from './json-editor-props';

// Colours are those of the pages, so that the editor follows their theme without being told.
const theme = EditorView.theme({
  '&': { fontSize: '0.8125rem', backgroundColor: 'transparent', color: 'var(--foreground)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.25rem', overflow: 'auto', maxHeight: 'inherit' },
  '.cm-content': { padding: '0.5rem 0', caretColor: 'var(--foreground)' },
  '.cm-line': { padding: '0 0.75rem 0 0.5rem' },
  '.cm-gutters': { backgroundColor: 'transparent', border: 'none', color: 'var(--muted)' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '2.25rem', padding: '0 0.25rem 0 0.5rem' },
  '.cm-cursor': { borderLeftColor: 'var(--foreground)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in oklab, var(--ring) 28%, transparent)',
  },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--accent-subtle)', color: 'inherit' },
  '.cm-tooltip': {
    backgroundColor: 'var(--surface-raised)',
    border: '1px solid var(--border)',
    borderRadius: '0.5rem',
    fontFamily: 'var(--font-sans)',
  },
  '.cm-diagnostic': { padding: '0.375rem 0.625rem', border: 'none' },
});

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--accent)' },
  { tag: tags.string, color: 'var(--success)' },
  { tag: tags.number, color: 'var(--info)' },
  { tag: [tags.bool, tags.null], color: 'var(--danger)' },
  { tag: [tags.separator, tags.squareBracket, tags.brace], color: 'var(--muted)' },
]);

const faults = linter(
  ({ state }) => {
    const text = state.doc.toString();
    const fault = text.trim() === '' ? null : jsonFault(text);
    if (!fault) return [];
    const from = Math.min(fault.offset, Math.max(0, text.length - 1));
    return [{ from, to: Math.min(from + 1, text.length), severity: 'error', message: faultText(fault) }];
  },
  { delay: 300 },
);

// Ctrl/Cmd+Enter saves the form around the editor.
const keys = defaultKeymap.filter(({ key }) => key !== 'Mod-Enter');

/**
 * An editor of JSON with colours, marks of faults and matching of brackets. Tab moves on, as in any other control:
 * lines are indented by Enter and by the format button.
 */
export function JsonEditor({ ref, value, onChange, readOnly, className, label, control }: JsonEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const changing = useRef(new Compartment());
  const hear = useEffectEvent((text: string) => onChange?.(text));
  const first = useEffectEvent(() => value);
  const attributes = {
    role: 'textbox',
    'aria-label': label,
    'aria-multiline': 'true',
    ...(control && { id: control.id }),
    ...(control?.['aria-describedby'] && { 'aria-describedby': control['aria-describedby'] }),
    ...(control?.['aria-invalid'] && { 'aria-invalid': 'true' }),
    ...(control?.['aria-required'] && { 'aria-required': 'true' }),
    ...(readOnly && { 'aria-readonly': 'true', tabindex: '0' }),
  };
  const described = JSON.stringify(attributes);
  const firstAttributes = useEffectEvent(() => attributes);

  useEffect(() => {
    if (!place.current) return;
    const editor = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: first(),
        extensions: [
          json(),
          theme,
          syntaxHighlighting(colours),
          lineNumbers(),
          drawSelection(),
          bracketMatching(),
          EditorView.lineWrapping,
          changing.current.of(EditorView.contentAttributes.of(firstAttributes())),
          readOnly
            ? [EditorState.readOnly.of(true), EditorView.editable.of(false)]
            : [
                history(),
                indentOnInput(),
                closeBrackets(),
                autocompletion({ activateOnTyping: false }),
                faults,
                keymap.of([...closeBracketsKeymap, ...historyKeymap, ...keys]),
              ],
          EditorView.updateListener.of((update) => {
            if (update.docChanged) hear(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      view.current = null;
      editor.destroy();
    };
  }, [readOnly]);

  useEffect(() => {
    view.current?.dispatch({
      effects: changing.current.reconfigure(
        EditorView.contentAttributes.of(JSON.parse(described) as Record<string, string>),
      ),
    });
  }, [described]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  useImperativeHandle(ref, () => ({ focus: () => view.current?.focus() }), []);

  return <div ref={place} className={cn('[&>.cm-editor]:max-h-[inherit]', className)} />;
}
