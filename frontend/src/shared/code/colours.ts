import type { Extension } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import type { Token } from '@/shared/expressions/tokens';

/** Colours a text by its tokens. Texts are short enough to be read as a whole at each change. */
export function coloured(tokensOf: (code: string) => Token[]): Extension {
  const marks = new Map<string, Decoration>();
  const mark = (kind: string) => {
    const known = marks.get(kind) ?? Decoration.mark({ class: `tok-${kind}` });
    marks.set(kind, known);
    return known;
  };
  const decorate = (view: EditorView): DecorationSet =>
    Decoration.set(tokensOf(view.state.doc.toString()).map(({ kind, from, to }) => mark(kind).range(from, to)));
  return ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      constructor(view: EditorView) {
        this.decorations = decorate(view);
      }
      update(update: ViewUpdate) {
        if (update.docChanged) this.decorations = decorate(update.view);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
}

/** The editor in the colours of the app, which follow its theme by themselves. */
export const look = EditorView.theme({
  '&': { backgroundColor: 'transparent', color: 'var(--foreground)', fontSize: '0.8125rem' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.25rem' },
  '.cm-content': { padding: '0.5rem 0', caretColor: 'var(--foreground)' },
  // Browsers give a line the style of a text that is replaced as a whole.
  '.cm-line': { padding: '0 0.75rem', color: 'inherit !important', fontWeight: 'inherit !important' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--foreground)' },
  '.cm-placeholder': { color: 'var(--muted)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground, .cm-content ::selection': {
    backgroundColor: 'color-mix(in oklab, var(--primary) 35%, transparent) !important',
  },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--hover)', outline: '1px solid var(--control)' },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'var(--danger-subtle)', color: 'var(--danger)' },
  '.tok-variable, .tok-propertyName': { color: 'var(--info)' },
  '.tok-macro, .tok-function': { color: 'var(--accent)' },
  '.tok-keyword, .tok-bool, .tok-null': { color: 'var(--accent)', fontWeight: '600' },
  '.tok-text, .tok-string': { color: 'var(--success)' },
  '.tok-number': { color: 'var(--info)' },
  '.tok-operator, .tok-punctuation, .tok-comment': { color: 'var(--muted)' },
  '.tok-comment': { fontStyle: 'italic' },
  '.tok-invalid': { color: 'var(--danger)' },
  '.cm-lintRange': { backgroundImage: 'none', paddingBottom: '0' },
  '.cm-lintRange-error': { textDecoration: 'underline wavy var(--danger)', textUnderlineOffset: '0.25em' },
  '.cm-lintRange-warning': { textDecoration: 'underline wavy var(--accent)', textUnderlineOffset: '0.25em' },
  '.cm-tooltip': {
    backgroundColor: 'var(--surface-raised)',
    color: 'var(--foreground)',
    border: '1px solid var(--border)',
    borderRadius: '0.625rem',
    boxShadow: 'var(--shadow-pop)',
    overflow: 'hidden',
    zIndex: '60',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--font-mono)',
    fontSize: '0.8125rem',
    maxHeight: '15rem',
    padding: '0.25rem',
    maxWidth: 'min(28rem, 90vw)',
    minWidth: 'min(16rem, 80vw)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    display: 'flex',
    alignItems: 'baseline',
    gap: '0.625rem',
    padding: '0.25rem 0.5rem',
    borderRadius: '0.375rem',
    lineHeight: '1.25rem',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--hover)',
    color: 'var(--foreground)',
  },
  '.cm-completionLabel': { minWidth: '0', overflow: 'hidden', textOverflow: 'ellipsis' },
  '.cm-completionMatchedText': { textDecoration: 'none', color: 'var(--accent)', fontWeight: '600' },
  '.cm-completionDetail': { marginLeft: 'auto', fontStyle: 'normal', color: 'var(--muted)', fontSize: '0.75rem' },
  '.cm-completionInfo': {
    fontFamily: 'var(--font-sans)',
    fontSize: '0.8125rem',
    padding: '0.5rem 0.75rem',
    maxWidth: '18rem',
  },
  '.cm-tooltip-lint': { fontFamily: 'var(--font-sans)', fontSize: '0.8125rem', maxWidth: 'min(24rem, 90vw)' },
  '.cm-diagnostic': { padding: '0.375rem 0.75rem', borderLeftWidth: '3px' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--danger)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--accent)' },
  '.cm-signature': { padding: '0.25rem 0.625rem', fontFamily: 'var(--font-mono)', fontSize: '0.75rem' },
  '.cm-signature strong': { color: 'var(--accent)', fontWeight: '600' },
  '.cm-signature p': { fontFamily: 'var(--font-sans)', color: 'var(--muted)', margin: '0.125rem 0 0' },
});
