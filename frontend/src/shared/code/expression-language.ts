import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import { type EditorState, type Extension, StateField } from '@codemirror/state';
import { showTooltip, type Tooltip } from '@codemirror/view';
import { callAt, parametersOf, type Suggestion, suggestionsAt } from '@/shared/expressions/complete';
import { tokensOf } from '@/shared/expressions/tokens';
import type { Vocabulary } from '@/shared/expressions/vocabulary';
import { coloured } from './colours';

function completion({ label, kind, detail, info, insert, caretBack = 0 }: Suggestion): Completion {
  return {
    label,
    type: kind,
    detail,
    info,
    apply:
      insert === undefined
        ? undefined
        : (view, _completion, from, to) => {
            // What is called already keeps its brackets.
            const called = view.state.sliceDoc(to, to + 1) === '(';
            const text = called ? label : insert;
            view.dispatch({
              changes: { from, to, insert: text },
              selection: { anchor: from + text.length - (called ? 0 : caretBack) },
              userEvent: 'input.complete',
            });
          },
  };
}

/** What the function around the caret takes, its present argument stressed. */
function signature(state: EditorState, vocabulary: Vocabulary): Tooltip | null {
  const { head, empty } = state.selection.main;
  const call = empty ? callAt(state.doc.toString(), head) : null;
  const parameters = call && parametersOf(call.name, vocabulary);
  if (!parameters || parameters.length === 0) return null;
  return {
    pos: call.from,
    above: true,
    create: () => {
      const dom = document.createElement('div');
      dom.className = 'cm-signature';
      dom.append(`${call.name}(`);
      parameters.forEach((name, index) => {
        const current = index === Math.min(call.argument, parameters.length - 1);
        const part = document.createElement(current ? 'strong' : 'span');
        part.textContent = name;
        dom.append(index > 0 ? ', ' : '', part);
      });
      dom.append(')');
      return { dom };
    },
  };
}

/** Colours, suggestions and signatures of rules, filters and computed fields. */
export function expressionLanguage(vocabulary: () => Vocabulary): Extension {
  const source = ({ state, pos, explicit }: CompletionContext): CompletionResult | null => {
    const found = suggestionsAt(state.doc.toString(), pos, vocabulary(), explicit);
    if (!found || found.options.length === 0) return null;
    // Names go on with dots, variables with an @ in front: each sort of name has its own list.
    return { from: found.from, options: found.options.map(completion), validFor: /^[@\w]*$/ };
  };
  const signatures = StateField.define<Tooltip | null>({
    create: (state) => signature(state, vocabulary()),
    update: (tooltip, transaction) =>
      transaction.docChanged || transaction.selection ? signature(transaction.state, vocabulary()) : tooltip,
    provide: (field) => showTooltip.from(field),
  });
  return [
    coloured(tokensOf),
    autocompletion({ override: [source], icons: false, activateOnTypingDelay: 60, interactionDelay: 0 }),
    signatures,
  ];
}
