import {
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
  completionStatus,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, keymap, placeholder as ghostText } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import { type RefObject, useEffect, useImperativeHandle, useRef } from 'react';
import type { CodeEditorProps } from '@/shared/ui/code-editor';
import { coloured, look } from './colours';
import { expressionLanguage } from './expression-language';
import { sqlTokens } from './sql-tokens';

const noNames = { fields: [], collections: new Map(), caller: false, data: false, macros: [] };

/** Keys of a text that forms may hold: Ctrl+Enter is the form's, Tab leaves the editor. */
const keys = keymap.of([
  ...closeBracketsKeymap,
  ...completionKeymap,
  ...historyKeymap,
  ...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter'),
]);

const oneLine: Extension = EditorState.transactionFilter.of((transaction) => {
  if (transaction.newDoc.lines === 1) return transaction;
  const insert = transaction.newDoc.toString().replace(/\s*\n\s*/g, ' ');
  const changes = { from: 0, to: transaction.startState.doc.length, insert };
  return transaction.docChanged
    ? [{ changes, selection: { anchor: Math.min(transaction.newSelection.main.head, insert.length) } }]
    : transaction;
});

type Latest = RefObject<CodeEditorProps>;

function languageOf(latest: Latest): Extension {
  switch (latest.current.language) {
    case 'expression':
      return expressionLanguage(() => latest.current.vocabulary ?? noNames);
    case 'sql':
      return coloured(sqlTokens);
    case 'json':
      return [json(), syntaxHighlighting(classHighlighter)];
    default:
      return [];
  }
}

/** What assistive technology reads of the editor. */
function attributes(props: CodeEditorProps): Record<string, string> {
  const found: Record<string, string | boolean | undefined> = {
    id: props.id,
    'aria-labelledby': props.id && `${props.id}-label`,
    'aria-describedby': props['aria-describedby'],
    'aria-invalid': props['aria-invalid'],
    'aria-required': props['aria-required'],
    'aria-readonly': props.readOnly || undefined,
    'aria-multiline': props.oneLine ? 'false' : undefined,
    spellcheck: 'false',
    autocapitalize: 'none',
    autocorrect: 'off',
  };
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

function build(parent: HTMLElement, latest: Latest, changing: Compartment): EditorView {
  const props = latest.current;
  return new EditorView({
    parent,
    state: EditorState.create({
      doc: props.value,
      extensions: [
        changing.of(variable(props)),
        history(),
        drawSelection(),
        bracketMatching(),
        closeBrackets(),
        EditorView.lineWrapping,
        look,
        languageOf(latest),
        props.oneLine ? oneLine : [],
        keys,
        EditorView.updateListener.of((update) => {
          if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          if (update.focusChanged && !update.view.hasFocus) latest.current.onBlur?.();
        }),
      ],
    }),
  });
}

/** What may be another thing while the editor stands. */
function variable(props: CodeEditorProps): Extension {
  return [
    EditorView.contentAttributes.of(attributes(props)),
    props.placeholder ? ghostText(props.placeholder) : [],
    EditorState.readOnly.of(props.readOnly ?? false),
  ];
}

/** Faults that were found in a text that may have changed since. */
function diagnostics(length: number, faults: CodeEditorProps['faults'] = []): Diagnostic[] {
  return faults
    .filter(({ from, to }) => from <= to && to <= length)
    .map((fault) => ({ ...fault, to: Math.max(fault.to, Math.min(fault.from + 1, length)) }));
}

/** The editor proper; stands in a chunk of its own. */
export default function CodeMirror(props: CodeEditorProps) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const changing = useRef<Compartment>(null);
  const latest = useRef(props);
  const {
    ref,
    id,
    value,
    faults,
    placeholder,
    readOnly,
    'aria-describedby': described,
    'aria-invalid': invalid,
  } = props;

  useEffect(() => {
    latest.current = props;
  });

  useImperativeHandle(ref, () => ({ focus: () => view.current?.focus() }), []);

  useEffect(() => {
    if (!box.current) return undefined;
    const compartment = new Compartment();
    const editor = build(box.current, latest, compartment);
    view.current = editor;
    changing.current = compartment;
    // Esc closes the suggestions, before a dialog around hears of it.
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || !editor.hasFocus || completionStatus(editor.state) === null) return;
      event.stopPropagation();
      closeCompletion(editor);
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => {
      window.removeEventListener('keydown', onKey, { capture: true });
      editor.destroy();
      view.current = null;
    };
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    view.current?.dispatch({ effects: changing.current?.reconfigure(variable(latest.current)) });
  }, [id, described, invalid, placeholder, readOnly]);

  useEffect(() => {
    const editor = view.current;
    if (editor) editor.dispatch(setDiagnostics(editor.state, diagnostics(editor.state.doc.length, faults)));
  }, [faults]);

  // A label of a control that is no input of the browser's does not pass the focus on by itself.
  useEffect(() => {
    const label = id === undefined ? null : document.getElementById(`${id}-label`);
    const focus = () => view.current?.focus();
    label?.addEventListener('click', focus);
    return () => label?.removeEventListener('click', focus);
  }, [id]);

  return <div ref={box} />;
}
